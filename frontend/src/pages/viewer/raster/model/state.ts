/** The state of rasters as the address has it: layers, dates, what the swipe compares with. All are pure. */

import { decoded, type Display, displayIn, displayText } from './display'

/** What a person changed of a layer; all else is as it opens. */
export interface LayerLook {
  shown?: boolean
  /** 0 to 100 */
  opacity?: number
  display?: Display
}

/** What is at the left of the swipe. */
export interface LeftSide {
  /** Null: as at the right. */
  layer: string | null
  item: string | null
  date: number | null
  display: Display | null
}

export interface RasterState {
  layers: Readonly<Record<string, LayerLook>>
  /** Of a file with several dates, from 0; null: the last one. */
  date: number | null
  /** Where the swipe stands, 0 to 1; null: there is none. */
  swipe: number | null
  left: LeftSide
}

export const NO_LEFT: LeftSide = { layer: null, item: null, date: null, display: null }
export const RASTER_START: RasterState = { layers: {}, date: null, swipe: null, left: NO_LEFT }

export const RASTER_FIELDS = ['layer', 'date', 'swipe', 'left']

export function readRaster(search: URLSearchParams): RasterState {
  const swipe = search.get('swipe')
  const at = swipe === null || swipe === '' ? NaN : Number(swipe)
  return {
    layers: Object.fromEntries(search.getAll('layer').flatMap(layerIn)),
    date: dateIn(search.get('date')),
    swipe: at >= 0 && at <= 1 ? at : null,
    left: leftIn(search.get('left')),
  }
}

export function writeRaster(
  { layers, date, swipe, left }: RasterState,
  put: (name: string, value: string | null) => void,
): void {
  for (const [name, look] of Object.entries(layers)) put('layer', layerText(name, look))
  put('date', date === null ? null : String(date + 1))
  put('swipe', swipe === null ? null : String(Number(swipe.toFixed(3))))
  const isLeft = Object.values(left).some((value) => value !== null)
  if (!isLeft) return
  const { layer, item, date: at, display } = left
  const parts = [
    layer ?? '',
    at === null ? '' : at + 1,
    display === null ? '' : displayText(display),
    item ?? '',
  ]
  put('left', parts.map((part) => encodeURIComponent(part)).join(':'))
}

/** "S2L2A:1:80:rgb.3,2,1!grey!i2-98", each part encoded; a part that is not changed is empty. */
function layerText(name: string, { shown, opacity, display }: LayerLook): string | null {
  if (shown === undefined && opacity === undefined && display === undefined) return null
  const parts = [
    name,
    shown === undefined ? '' : Number(shown),
    opacity === undefined ? '' : Math.round(opacity),
    display === undefined ? '' : displayText(display),
  ]
  return parts.map((part) => encodeURIComponent(part)).join(':')
}

function layerIn(text: string): [string, LayerLook][] {
  const [name, shown, opacity, display] = text.split(':').map(decoded)
  if (!name) return []
  const look: LayerLook = {}
  if (shown === '0' || shown === '1') look.shown = shown === '1'
  if (opacity && /^\d{1,3}$/.test(opacity)) look.opacity = Math.min(100, Number(opacity))
  const read = display ? displayIn(display) : null
  if (read !== null) look.display = read
  return [[name, look]]
}

function dateIn(text: string | null): number | null {
  const date = text === null || text === '' ? NaN : Number(text)
  return Number.isSafeInteger(date) && date > 0 && date <= 4096 ? date - 1 : null
}

function leftIn(text: string | null): LeftSide {
  const [layer, date, display, item] = (text ?? '').split(':').map(decoded)
  return {
    layer: layer || null,
    item: item || null,
    date: dateIn(date ?? null),
    display: display ? displayIn(display) : null,
  }
}
