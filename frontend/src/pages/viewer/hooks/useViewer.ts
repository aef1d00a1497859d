import { createContext, use } from 'react'
import type { Show } from '@/pages/dataset/types'
import type { ViewerState } from '../model/address'
import type { Point } from '../model/geometry'
import type { Store } from '../model/store'
import type { TileStore } from '../model/tileStore'
import type { Preset, Range, WindowChoice } from '../model/windowing'
import type { PictureMap } from '../stage/PictureMap'
import type { Picture } from '../stage/PictureSource'
import type { Tool } from '../stage/tools'
import type { ItemDocument, Slice, Spacing } from '../types'
import type { View } from './useAddress'

/** What is under the cursor, of the pointer or of the keyboard. */
export interface Cursor {
  point: Point
  isByKeys: boolean
}

export interface Viewer {
  name: string
  ref: string
  filters: string
  show: Show
  /** The item that was told about last; `isSettled` is false while it is not yet the one that is shown. */
  item: ItemDocument
  isSettled: boolean
  key: string
  picture: Picture
  spacing: Spacing | null
  state: Store<ViewerState>
  view: Store<View>
  cursor: Store<Cursor | null>
  tool: Store<Tool>
  tiles: TileStore
  /** Null until the stage is there. */
  map: PictureMap | null
  attach: (element: HTMLDivElement) => () => void
  isColor: boolean
  range: Range
  presets: Preset[]
  /** Values that 500 px of dragging stand for. */
  span: number
  setWindow: (choice: WindowChoice | null) => void
  /** The slices of the series; null for an item that is alone. */
  slices: readonly Slice[] | null
  slice: number
  goTo: (key: string) => void
  step: (by: 1 | -1) => void
  stepSlice: (by: number) => void
  goToSlice: (index: number) => void
  stepStudy: (by: 1 | -1) => void
  leave: () => void
}

export const ViewerContext = createContext<Viewer | null>(null)

/** The viewer that is open. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext)
  if (viewer === null) throw new Error('useViewer is used outside the viewer.')
  return viewer
}
