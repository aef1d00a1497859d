import { useEffect, useRef, useState } from 'react'
import { useRaster } from './useRaster'

export const PACES = [0.5, 1, 2, 4] as const

/** Plays the dates round and round, one after the other. */
export function usePlay() {
  const raster = useRaster()
  const [isPlaying, setPlaying] = useState(false)
  const [pace, setPace] = useState<number>(1)
  const latest = useRef(raster)
  useEffect(() => {
    latest.current = raster
  })
  useEffect(() => {
    if (!isPlaying) return
    const timer = setInterval(() => {
      const { moments, rightAt, goTo } = latest.current
      goTo((rightAt + 1) % Math.max(1, moments.length))
    }, 1000 / pace)
    return () => clearInterval(timer)
  }, [isPlaying, pace])
  return { isPlaying, pace, setPace, toggle: () => setPlaying((before) => !before) }
}
