import { createContext, use, useMemo } from 'react'
import type { Show } from '@/pages/dataset/types'
import type { Label } from '@/parts/labels'
import { levelsOf, type Point } from '../model/geometry'
import { labelsOn } from '../model/marks'
import { type Store, useSelected, useStore } from '../model/store'
import type { TileStore } from '../model/tileStore'
import type { Picture } from '../stage/PictureSource'
import type { StageMap } from '../stage/StageMap'
import type { Tool } from '../stage/tools'
import type { ItemDocument, Slice, Spacing } from '../types'
import type { Address } from './useAddress'
import type { Steps } from './useSteps'
import type { Anchor } from './useWindow'

/** What is under the cursor, of the pointer or of the keyboard. */
export interface Cursor {
  point: Point
  isByKeys: boolean
}

/** What the axis at the bottom runs over: the slices of a series, or the frames of a picture that is alone. */
export interface Stack {
  kind: 'slice' | 'frame'
  count: number
}

export const STACK_TITLES = { slice: 'Slice', frame: 'Frame' } as const

/**
 * What the parts of the viewer share. It changes when another item has been told about; what changes with every slice
 * or movement stands in the stores.
 */
export interface Viewer extends Address, Steps {
  name: string
  ref: string
  show: Show
  /** The item that was told about last; while slices run by, not the one that is shown. */
  item: ItemDocument
  spacing: Spacing | null
  isColor: boolean
  /** The slices of the series; null for an item that is alone, and until they have come. */
  slices: readonly Slice[] | null
  stack: Stack | null
  cursor: Store<Cursor | null>
  tool: Store<Tool>
  anchor: Store<Anchor>
  tiles: TileStore
  /** Null until the stage is there. */
  map: StageMap | null
  attach: (element: HTMLDivElement) => () => void
  leave: () => void
}

export const ViewerContext = createContext<Viewer | null>(null)

/** The viewer that is open. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext)
  if (viewer === null) throw new Error('useViewer is used outside the viewer.')
  return viewer
}

/** The key of the item that is shown. */
export function useCurrentKey(): string {
  const { current, item } = useViewer()
  return useSelected(current, (key) => key ?? item.key)
}

/** Whether `item` tells about the item that is shown. */
export function useIsSettled(): boolean {
  const { current, item } = useViewer()
  return useSelected(current, (key) => (key ?? item.key) === item.key)
}

/** Which slice is shown, from 0. */
export function useSliceIndex(): number {
  const { current, slices } = useViewer()
  return useSelected(current, (key) => slices?.findIndex((each) => each.key === key) ?? -1)
}

/** Which frame of the picture is shown, from 0, and of how many; a slice that runs by shows its first. */
export function useFrames(): { frame: number; count: number } {
  const { item, frame } = useViewer()
  const asked = useStore(frame)
  const count = useIsSettled() ? item.image.frames : 1
  return { frame: Math.min(asked, count - 1), count }
}

/** Where in the stack the picture stands, from 0. */
export function useStackIndex(): number {
  const { stack } = useViewer()
  const slice = useSliceIndex()
  const { frame } = useFrames()
  return stack?.kind === 'frame' ? frame : slice
}

const NO_LABELS: readonly Label[] = []

/** The labels of what is shown; none while slices run by. */
export function useLabels(): readonly Label[] {
  const { item } = useViewer()
  const isSettled = useIsSettled()
  const { frame } = useFrames()
  return useMemo(() => (isSettled ? labelsOn(item.labels, frame) : NO_LABELS), [item, isSettled, frame])
}

/** What of the picture can be drawn: of a slice that runs by, taken to be of the kind of the one told about last. */
export function usePicture(): Picture {
  const { item, slices } = useViewer()
  const key = useCurrentKey()
  const { frame } = useFrames()
  return useMemo(() => {
    const { sha256, width, height, tile, levels, dtype, bands } = item.image
    const slice = item.key === key ? undefined : slices?.find((each) => each.key === key)
    if (slice === undefined) return { sha256, frame, width, height, tile, levels, dtype, bands }
    return {
      sha256: slice.sha256,
      frame: 0,
      width: slice.width,
      height: slice.height,
      tile,
      levels: levelsOf(slice.width, slice.height, tile),
      dtype,
      bands,
    }
  }, [item, slices, key, frame])
}
