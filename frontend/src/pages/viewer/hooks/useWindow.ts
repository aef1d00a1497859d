import { useEffect, useRef, useState } from 'react'
import { patch, type Store, useStore } from '../model/store'
import type { ViewerState } from '../model/address'
import { FULL, type Preset, presetsOf, type Range, rangeOf, type WindowChoice } from '../model/windowing'
import type { ItemDocument } from '../types'

export interface Windowing {
  range: Range
  presets: Preset[]
  span: number
  setWindow: (choice: WindowChoice | null) => void
}

/**
 * The window of an item. What is computed from a picture's own values is taken from the first one of a series for all
 * of it, so that brightness stays when slices change; choosing a preset takes it from the slice that is shown. Colours have no window.
 */
export function useWindow(state: Store<ViewerState>, item: ItemDocument, isColor: boolean): Windowing {
  const { window } = useStore(state)
  const group = item.series_items > 1 ? `${item.study}\n${item.series ?? ''}` : item.key
  const [anchor, setAnchor] = useState({ group, item })
  if (anchor.group !== group) setAnchor({ group, item })
  useForget(state, `${item.image.dtype} ${item.image.bit_depth}`)
  const source = sourceOf(anchor.group === group ? anchor.item : item)
  return {
    range: rangeOf(isColor ? FULL : window, source),
    presets: presetsOf(source),
    span: Math.max(item.extent.high - item.extent.low, Number.MIN_VALUE),
    setWindow: (choice) => {
      if (choice === null || typeof choice === 'string') setAnchor({ group, item })
      patch(state, { window: choice })
    },
  }
}

/** A range of values means nothing for pictures of another depth. */
function useForget(state: Store<ViewerState>, kind: string) {
  const last = useRef(kind)
  useEffect(() => {
    if (last.current === kind) return
    last.current = kind
    if (typeof state.get().window === 'object') patch(state, { window: null })
  }, [state, kind])
}

function sourceOf({ image, windows, automatic, full }: ItemDocument) {
  return { dtype: image.dtype, windows, automatic, full }
}
