import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { indexAt, type Layout, rowOf } from '../model/layout'
import { nativeHeight, type Place, placeOf, scrolled } from '../model/scale'

export interface Stretch {
  /** Of the grid, in pixels: what is drawn. */
  from: number
  to: number
  /** What is added to a height in the grid to have it in the element. */
  shift: number
}

export interface Scroll {
  stretch: Stretch
  spacer: number
  /** Brings an item into view: at the top, or as little as needed. */
  show: (index: number, how: 'top' | 'nearest') => void
  /** The first item of the topmost row in view. */
  topIndex: () => number
}

const IDLE_MS = 200
const NOWHERE: Stretch = { from: 0, to: 0, shift: 0 }

/** Scrolling of the grid: which stretch is drawn, where a key or an address leads, and staying at the same items
 *  when the cells change their size. */
export function useScroll(
  element: HTMLElement | null,
  layout: Layout,
  viewport: number,
  start: number,
  rested: (index: number) => void,
): Scroll {
  const place = useRef<Place>({ native: 0, virtual: 0 })
  const anchor = useRef({ index: start, offset: 0 })
  const [stretch, setStretch] = useState(NOWHERE)
  const { height } = layout

  const update = useCallback(() => {
    const { native, virtual } = place.current
    const next = stretchOf(virtual, native - virtual, layout, viewport)
    setStretch((now) => (isSame(now, next) ? now : next))
  }, [layout, viewport])

  const go = useCallback(
    (virtual: number) => {
      if (element === null) return
      place.current = placeOf(virtual, height, viewport)
      element.scrollTo({ top: place.current.native, behavior: 'instant' })
      update()
    },
    [element, height, viewport, update],
  )

  // The element is as high as before until React has drawn; only then can it be scrolled to the same items.
  useLayoutEffect(() => {
    if (element === null || height === 0 || viewport === 0) return
    const row = rowOf(layout, Math.min(anchor.current.index, layout.total - 1))
    go(anchor.current.index === 0 ? 0 : (row?.top ?? 0) + anchor.current.offset)
  }, [element, layout, height, viewport, go])

  useEffect(() => {
    if (element === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = () => {
      const proportional = placeOf(place.current.virtual, height, viewport)
      if (Math.abs(proportional.native - place.current.native) > viewport) go(place.current.virtual)
      rested(anchor.current.index)
    }
    const onScroll = () => {
      place.current = scrolled(place.current, element.scrollTop, height, viewport)
      anchor.current = anchorOf(layout, place.current.virtual)
      update()
      clearTimeout(timer)
      timer = setTimeout(rest, IDLE_MS)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      element.removeEventListener('scroll', onScroll)
      clearTimeout(timer)
    }
  }, [element, layout, height, viewport, go, update, rested])

  const show = useCallback(
    (index: number, how: 'top' | 'nearest') => {
      const row = rowOf(layout, index)
      if (row === null) return
      const head = row.section.title === null ? 0 : layout.head
      const [above, below] = [row.top - head, row.top + layout.rowHeight + layout.rowGap - viewport]
      const { virtual } = place.current
      if (how === 'top' || virtual > above) go(above)
      else if (virtual < below) go(below)
    },
    [layout, viewport, go],
  )
  const topIndex = useCallback(() => anchor.current.index, [])
  return { stretch, spacer: nativeHeight(height), show, topIndex }
}

function anchorOf(layout: Layout, virtual: number) {
  if (virtual <= 0) return { index: 0, offset: 0 }
  const index = indexAt(layout, virtual + layout.head)
  return { index, offset: virtual - (rowOf(layout, index)?.top ?? virtual) }
}

/** A screen more on both sides, in whole rows, so that most steps of the wheel draw nothing anew. */
function stretchOf(virtual: number, shift: number, layout: Layout, viewport: number): Stretch {
  const pitch = Math.max(1, layout.rowHeight + layout.rowGap)
  const from = Math.floor((virtual - viewport / 2) / pitch) * pitch
  const to = Math.ceil((virtual + viewport * 1.5) / pitch) * pitch
  return { from: Math.max(0, from), to: Math.max(0, to), shift: Math.round(shift) }
}

function isSame(a: Stretch, b: Stretch): boolean {
  return a.from === b.from && a.to === b.to && a.shift === b.shift
}
