import { useEffect, useMemo, useRef } from 'react'
import type { ViewerState } from '../model/address'
import { patch, type Store, useSelected, useStore } from '../model/store'
import {
  FULL,
  type Preset,
  presetsOf,
  type Range,
  rangeOf,
  type WindowChoice,
  type WindowSource,
} from '../model/windowing'
import { type ItemDocument, valueTypeOf } from '../types'
import { useViewer } from './useViewer'

export interface Windowing {
  range: Range
  presets: Preset[]
  /** Values that 500 px of dragging stand for. */
  span: number
  setWindow: (choice: WindowChoice | null) => void
}

/** The item that windows are computed from, and the series that it stands for. */
export interface Anchor {
  group: string
  item: ItemDocument
}

export function anchorOf(item: ItemDocument): Anchor {
  return { group: item.series_items > 1 ? `${item.study}\n${item.series ?? ''}` : item.key, item }
}

/**
 * Keeps the anchor. What is computed from a picture's own values is taken from the first one of a series for all of
 * it, so that brightness stays when slices change; choosing a preset takes it from the slice that is shown.
 */
export function useAnchor(anchor: Store<Anchor>, state: Store<ViewerState>, item: ItemDocument): void {
  useEffect(() => {
    if (anchorOf(item).group !== anchor.get().group) anchor.set(anchorOf(item))
  }, [anchor, item])
  // A range of values means nothing for pictures of another depth.
  const kind = `${item.image.dtype} ${item.image.bit_depth} ${item.image.unit}`
  const last = useRef(kind)
  useEffect(() => {
    if (last.current === kind) return
    last.current = kind
    if (typeof state.get().window === 'object') patch(state, { window: null })
  }, [state, kind])
}

/** The window of the picture that is shown. Colours have none: all of their depth. */
export function useWindow(): Windowing {
  const { anchor, state, item, isColor } = useViewer()
  const window = useSelected(state, (each) => each.window)
  const kept = useStore(anchor)
  // Until the anchor follows, a picture of its own must not be seen in the light of the one before.
  const from = kept.group === anchorOf(item).group ? kept.item : item
  return useMemo(() => {
    const source = sourceOf(from)
    return {
      range: rangeOf(isColor ? FULL : window, source),
      presets: presetsOf(source),
      span: Math.max(from.extent.high - from.extent.low, Number.MIN_VALUE),
      setWindow: (choice) => {
        if (choice === null || typeof choice === 'string') anchor.set(anchorOf(item))
        patch(state, { window: choice })
      },
    }
  }, [anchor, state, item, from, window, isColor])
}

export function sourceOf(item: ItemDocument): WindowSource {
  const { windows, automatic, full } = item
  return { dtype: valueTypeOf(item), unit: item.image.unit, windows, automatic, full }
}
