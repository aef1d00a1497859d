import { useEffect, useState } from 'react'
import type { Viewer } from './useViewer'

export const RATES = [2, 5, 10, 15, 20, 30] as const

export interface Cine {
  isPlaying: boolean
  rate: number
  setRate: (rate: number) => void
  toggle: () => void
}

/** Plays the slices round and round; a slice that has not come yet is waited for. */
export function useCine(viewer: Viewer): Cine {
  const { slices, map, tiles, current } = viewer
  const [isPlaying, setPlaying] = useState(false)
  const [rate, setRate] = useState(10)
  const { goToSlice } = viewer
  useEffect(() => {
    if (!isPlaying || slices === null || map === null) return
    let last = performance.now()
    let frame = 0
    const tick = (now: number) => {
      frame = requestAnimationFrame(tick)
      // Half a frame early is nearer than half a frame late.
      if (now - last < 1000 / rate - 8) return
      const at = slices.findIndex((each) => each.key === current.get())
      const next = (at + 1) % slices.length
      const slice = slices[next]
      if (slice === undefined) return
      const isHere = map.camera.seen().every((place) => {
        const address = { ...place, sha256: slice.sha256 }
        if (tiles.peek(address) !== undefined) return true
        tiles.ahead([address])
        return false
      })
      if (!isHere) return
      last = now
      goToSlice(next)
    }
    frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }, [isPlaying, rate, slices, map, tiles, current, goToSlice])
  return { isPlaying, rate, setRate, toggle: () => setPlaying((before) => !before) }
}
