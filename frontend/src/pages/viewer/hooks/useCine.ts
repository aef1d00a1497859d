import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Content } from '../model/tileStore'
import type { Viewer } from './useViewer'

export const RATES = [2, 5, 10, 15, 20, 30] as const

export interface Cine {
  isPlaying: boolean
  /** Slices or frames in a second. */
  rate: number
  /** The rate that the file asks for; null where it does not say. */
  own: number | null
  /** Null for that of the file. */
  setRate: (rate: number | null) => void
  toggle: () => void
}

/** What a place in the stack shows. */
export function contentAt({ stack, slices, item }: Viewer, index: number): Content | null {
  if (stack?.kind === 'frame') return { sha256: item.image.sha256, frame: index }
  const slice = slices?.[index]
  return slice === undefined ? null : { sha256: slice.sha256, frame: 0 }
}

const USUAL = 10
const MOST = 60
/** What a machine is late by for a moment does not lower the rate. */
const MADE_GOOD_MS = 500

/** The rate of a picture whose frames come every `frame_time` milliseconds. */
function ownRate({ stack, item }: Viewer): number | null {
  const { frame_time } = item.image
  if (stack?.kind !== 'frame' || frame_time === null || !(frame_time > 0)) return null
  return Math.min(MOST, Math.max(1, Math.round(1000 / frame_time)))
}

/** Plays the stack round and round; a slice or a frame that has not come yet is waited for. */
export function useCine(viewer: Viewer): Cine {
  const [isPlaying, setPlaying] = useState(false)
  const [chosen, setRate] = useState<number | null>(null)
  const own = ownRate(viewer)
  const rate = chosen ?? own ?? USUAL
  const latest = useRef(viewer)
  useEffect(() => {
    latest.current = viewer
  })
  useEffect(() => (isPlaying ? play(latest, rate) : undefined), [isPlaying, rate])
  return { isPlaying, rate, own, setRate, toggle: () => setPlaying((before) => !before) }
}

function placeOf({ stack, slices, current, frame }: Viewer): number {
  if (stack?.kind === 'frame') return frame.get()
  return slices?.findIndex((each) => each.key === current.get()) ?? -1
}

/** The pictures that are told about while it plays change the viewer; the pace stays. */
function play(latest: RefObject<Viewer>, rate: number): () => void {
  const period = 1000 / rate
  let due = performance.now() + period
  let request = 0
  const tick = (now: number) => {
    request = requestAnimationFrame(tick)
    if (now < due) return
    const viewer = latest.current
    const { stack, map, tiles } = viewer
    if (stack === null || map === null) return
    const next = (placeOf(viewer) + 1) % stack.count
    const content = contentAt(viewer, next)
    if (content === null) return
    const isHere = map.camera.seen().every((place) => {
      const address = { ...place, ...content }
      if (tiles.peek(address) !== undefined) return true
      tiles.ahead([address])
      return false
    })
    if (!isHere) return
    // What one step is late the next ones make good, as long as it is not much.
    due = Math.max(due + period, now - MADE_GOOD_MS)
    viewer.goInStack(next)
  }
  request = requestAnimationFrame(tick)
  return () => cancelAnimationFrame(request)
}
