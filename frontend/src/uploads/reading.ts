import { useSyncExternalStore } from 'react'

/** Files that are being looked at before they can be sent; `total` is null while they are still being found. */
export interface Reading {
  files: number
  total: number | null
}

let reading: Reading | null = null
const listeners = new Set<() => void>()

/** Say how far it is; null when it is done. */
export function tellReading(now: Reading | null): void {
  reading = now
  listeners.forEach((listener) => listener())
}

export function useReading(): Reading | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => reading,
  )
}

/** Let the page draw and hear its person. */
export function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0))
}
