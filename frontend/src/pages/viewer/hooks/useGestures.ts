import { type RefCallback, useCallback, useEffect, useRef } from 'react'
import type { Viewer } from './useViewer'

/** Wheel units that step one slice: a notch of most wheels, in pixels and in lines. */
const WHEEL_STEP = 100
const WHEEL_LINE = 34
const SWIPE_PX = 60

/** What the map itself does not take: the wheel through slices, swiping between items, and the held space bar. */
export function useGestures(viewer: Viewer): RefCallback<HTMLDivElement> {
  const { map, stack } = viewer
  const latest = useRef(viewer)
  useEffect(() => {
    latest.current = viewer
  })
  const isStack = stack !== null
  useEffect(() => {
    if (map === null) return
    map.stepByWheel(isStack)
    // In a stack the space bar plays.
    if (isStack) return
    const hold = (isHeld: boolean) => (event: KeyboardEvent) => {
      if (event.key === ' ') map.holdSpace(isHeld)
    }
    const [down, up] = [hold(true), hold(false)]
    window.addEventListener('keydown', down)
    window.addEventListener('keyup', up)
    return () => {
      map.holdSpace(false)
      window.removeEventListener('keydown', down)
      window.removeEventListener('keyup', up)
    }
  }, [map, isStack])
  return useCallback((element: HTMLDivElement) => listen(element, () => latest.current), [])
}

function listen(element: HTMLDivElement, now: () => Viewer): () => void {
  let turned = 0
  const wheel = (event: WheelEvent) => {
    const { stack, stepStack } = now()
    if (stack === null || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    turned += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * WHEEL_LINE : event.deltaY
    const steps = Math.trunc(turned / WHEEL_STEP)
    turned -= steps * WHEEL_STEP
    if (steps !== 0) stepStack(Math.abs(steps) > 3 ? Math.sign(steps) * 3 : steps)
  }
  let begun: { x: number; y: number; id: number } | null = null
  const down = (event: PointerEvent) => {
    // The middle button pans; browsers would scroll with it.
    if (event.button === 1) event.preventDefault()
    const { map, tool } = now()
    const swipes = event.pointerType === 'touch' && tool.get() === 'pan' && map?.tools.isFitted === true
    begun = swipes && begun === null ? { x: event.clientX, y: event.clientY, id: event.pointerId } : null
  }
  const up = (event: PointerEvent) => {
    if (begun?.id !== event.pointerId) return
    const [across, along] = [event.clientX - begun.x, event.clientY - begun.y]
    begun = null
    if (Math.abs(across) < SWIPE_PX || Math.abs(across) < 2 * Math.abs(along)) return
    now().step(across < 0 ? 1 : -1)
  }
  const left = () => {
    if (now().cursor.get()?.isByKeys === false) now().cursor.set(null)
  }
  const auxiliary = (event: MouseEvent) => {
    if (event.button === 1) event.preventDefault()
  }
  element.addEventListener('wheel', wheel, { passive: false })
  element.addEventListener('mousedown', auxiliary)
  element.addEventListener('pointerdown', down)
  element.addEventListener('pointerup', up)
  element.addEventListener('pointerleave', left)
  return () => {
    element.removeEventListener('wheel', wheel)
    element.removeEventListener('mousedown', auxiliary)
    element.removeEventListener('pointerdown', down)
    element.removeEventListener('pointerup', up)
    element.removeEventListener('pointerleave', left)
  }
}
