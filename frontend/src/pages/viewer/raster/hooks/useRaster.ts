import { useQuery } from '@tanstack/react-query'
import { createContext, use, useMemo, useState } from 'react'
import { itemQuery } from '../../hooks/useItem'
import type { Viewer } from '../../hooks/useViewer'
import { patch, useSelected } from '../../model/store'
import type { ItemDocument } from '../../types'
import { type Display, firstDisplay } from '../model/display'
import { type Moment, momentAt, momentsOf } from '../model/moments'
import { displayOf, isDrawn, leftOf, type Shown, sourcesOf, topOf } from '../model/shown'
import { type LayerLook, NO_LEFT, type RasterState } from '../model/state'
import type { RasterLayer } from '../types'

export type SideName = 'left' | 'right'

/** What the parts of the viewer of rasters share, beside what all viewers do. */
export interface Raster {
  state: RasterState
  /** Data sources that are drawn, the uppermost first. */
  right: readonly Shown[]
  /** What the swipe compares with; null without a swipe, and until it has come. */
  left: Shown | null
  leftItem: ItemDocument | null
  moments: readonly Moment[]
  /** Places among the moments; −1 where there are none. */
  rightAt: number
  leftAt: number
  isSwiping: boolean
  /** The side whose bands and date are chosen in the panel. */
  side: SideName
  setSide: (side: SideName) => void
  /** What the panel's bands are of. */
  edited: Shown | null
  edit: (layer: string) => void
  change: (change: Partial<RasterState>) => void
  setLook: (layer: string, look: LayerLook) => void
  /** Of what is edited; null: as it opens. */
  setDisplay: (display: Display | null) => void
  /** Goes to a moment on a side. */
  goTo: (index: number, side?: SideName) => void
  toggleSwipe: () => void
}

export const RasterContext = createContext<Raster | null>(null)

export function useRaster(): Raster {
  const raster = use(RasterContext)
  if (raster === null) throw new Error('useRaster is used outside the viewer of rasters.')
  return raster
}

const MIDDLE = 0.5

/** The state of a chip's rasters, and the ways to change it. */
export function useRasterHere(viewer: Viewer): Raster {
  const { item } = viewer
  const state = useSelected(viewer.state, (each) => each.raster)
  const [side, setSide] = useState<SideName>('right')
  const [chosen, edit] = useState<string | null>(null)
  const leftItem = useLeftItem(viewer, state)
  return useMemo(() => {
    const moments = momentsOf(item)
    const isSwiping = state.swipe !== null
    const right = sourcesOf(item)
      .filter((layer) => isDrawn(item, layer, state))
      .map((layer) => ({ layer, display: displayOf(layer, state), date: state.date }))
    const left = isSwiping && leftItem !== null ? leftOf(leftItem, state) : null
    const rightAt = momentAt(moments, item.key, state.date)
    const leftKey = state.left.item ?? item.key
    const leftAt = isSwiping ? momentAt(moments, leftKey, state.left.date ?? state.date) : -1
    const isLeft = isSwiping && side === 'left'
    const layer = sourcesOf(item).find(({ name }) => name === chosen) ?? topOf(item, state)
    const own = layer === undefined ? null : { layer, display: displayOf(layer, state), date: state.date }
    return {
      ...{ state, right, left, leftItem, moments, rightAt, leftAt, isSwiping, edit },
      side: isLeft ? 'left' : 'right',
      setSide,
      edited: isLeft ? left : own,
      ...changesOf(viewer, { moments, isLeft, layer: isLeft ? left?.layer : layer }),
    }
  }, [viewer, item, state, side, chosen, leftItem])
}

/** The item at the left of the swipe; of a date of the same file, the one that is shown. */
function useLeftItem({ name, ref, filters, item }: Viewer, state: RasterState): ItemDocument | null {
  const key = state.swipe === null ? null : state.left.item
  const isOther = key !== null && key !== item.key
  const { data } = useQuery({ ...itemQuery({ name, ref, filters }, key ?? ''), enabled: isOther })
  return isOther ? (data ?? null) : item
}

/** Without dates one compares a data source with the next one, or with the target. */
function otherSource(item: ItemDocument, state: RasterState): RasterLayer | undefined {
  const top = topOf(item, state)
  return sourcesOf(item).find(({ name }) => name !== top?.name)
}

function withDisplay(look: LayerLook = {}, display: Display | null): LayerLook {
  if (display !== null) return { ...look, display }
  const rest = { ...look }
  delete rest.display
  return rest
}

interface Now {
  moments: readonly Moment[]
  isLeft: boolean
  layer: RasterLayer | undefined
}

type Changes = Pick<Raster, 'change' | 'setLook' | 'setDisplay' | 'goTo' | 'toggleSwipe'>

function changesOf(viewer: Viewer, { moments, isLeft, layer }: Now): Changes {
  const now = () => viewer.state.get().raster
  const change = (changed: Partial<RasterState>) => patch(viewer.state, { raster: { ...now(), ...changed } })
  const setLook = (name: string, look: LayerLook) => {
    const { layers } = now()
    change({ layers: { ...layers, [name]: { ...layers[name], ...look } } })
  }
  const setRight = (name: string, display: Display | null) => {
    const { [name]: look, ...others } = now().layers
    change({ layers: { ...others, [name]: withDisplay(look, display) } })
  }
  const goTo = (index: number, side: SideName = 'right') => {
    const moment = moments[index]
    if (moment === undefined) return
    if (side === 'left') {
      const own = moment.key === viewer.item.key && moment.date !== null
      change({ left: { ...now().left, item: own ? null : moment.key, date: moment.date } })
    } else if (moment.date !== null) change({ date: moment.date })
    else viewer.goTo(moment.key)
  }
  return {
    change,
    setLook,
    setDisplay: (display) => {
      if (isLeft && layer !== undefined)
        change({ left: { ...now().left, display: display ?? firstDisplay(layer) } })
      else if (layer !== undefined) setRight(layer.name, display)
    },
    goTo,
    toggleSwipe: () => {
      const { swipe, left, date } = now()
      if (swipe !== null) {
        change({ swipe: null })
        return
      }
      const at = momentAt(moments, viewer.item.key, date)
      const other = moments[at > 0 ? at - 1 : at + 1]
      const isNew = Object.values(left).every((value) => value === null)
      // It begins with the moment before, which is what one compares with most.
      const begun =
        isNew && other !== undefined
          ? { ...NO_LEFT, date: other.date, item: other.key === viewer.item.key ? null : other.key }
          : isNew
            ? { ...NO_LEFT, layer: otherSource(viewer.item, now())?.name ?? null }
            : left
      change({ swipe: MIDDLE, left: begun })
    },
  }
}
