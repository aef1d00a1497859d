import type { Show } from '../types'

/** Whether there is a version to look at. */
export function showsContents(show: Pick<Show, 'version'>): boolean {
  return show.version > 0
}

export function NotReady() {
  return null
}
