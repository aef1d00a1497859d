import { toast, toastProblem } from '@/parts/toast'
import { patch } from '../model/store'
import type { Viewer } from './useViewer'

/** Turns by a quarter to the right. */
export function turn({ state }: Viewer): void {
  patch(state, { rotation: (state.get().rotation + 90) % 360 })
}

/** Mirrors what is seen from left to right; of a turned picture, too. */
export function mirror({ state }: Viewer): void {
  const { flip, rotation } = state.get()
  patch(state, { flip: !flip, rotation: (360 - rotation) % 360 })
}

/** The link to what is seen; the address is written a moment after each change. */
export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href)
    toast({ title: 'The link to this view is copied' })
  } catch {
    toast({ kind: 'warn', title: 'The browser did not allow copying', text: 'Copy the address itself.' })
  }
}

/** Saves what the stage shows as a PNG file. */
export async function savePng({ map, item: { key } }: Viewer): Promise<void> {
  try {
    const blob = await map?.png()
    if (blob === undefined) return
    const address = URL.createObjectURL(blob)
    const link = document.createElement('a')
    link.href = address
    link.download = `${(key.split('/').at(-1) ?? 'picture').replace(/\.[^.]*$/, '')} view.png`
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  } catch (error) {
    toastProblem(error, 'The view was not saved')
  }
}
