/** The viewer's state as the address has it, so that a link or a reload shows the same. All are pure. */

import { RASTER_FIELDS, RASTER_START, type RasterState, readRaster, writeRaster } from '../raster/model/state'
import type { Point } from './geometry'
import type { WindowChoice } from './windowing'

/** Where the view stands: its middle in the picture's pixels, and screen pixels for one of the picture's. */
export interface Place {
  x: number
  y: number
  zoom: number
}

/** How a set or a class is drawn where a person changed it. */
export interface Look {
  color?: string
  /** 0 to 100 */
  opacity?: number
}

/** How an item is shown; the item itself changes faster and stands beside it. */
export interface ViewerState {
  /** Null: as the picture opens. */
  window: WindowChoice | null
  invert: boolean
  brightness: number
  contrast: number
  smooth: boolean
  /** Null: all of the picture. */
  place: Place | null
  /** Degrees clockwise. */
  rotation: number
  flip: boolean
  /** Whether labels are drawn at all. */
  labels: boolean
  /** Keys of sets ("@set") and classes ("3@set") that are not drawn. */
  hidden: readonly string[]
  looks: Readonly<Record<string, Look>>
  /** 0 to 100, of the picture. */
  opacity: number
  measures: readonly (readonly [Point, Point])[]
  raster: RasterState
}

export const START: ViewerState = {
  window: null,
  invert: false,
  brightness: 0,
  contrast: 0,
  smooth: true,
  place: null,
  rotation: 0,
  flip: false,
  labels: true,
  hidden: [],
  looks: {},
  opacity: 100,
  measures: [],
  raster: RASTER_START,
}

const OWN = [
  'item',
  'frame',
  'window',
  'invert',
  'brightness',
  'contrast',
  'smooth',
  'center',
  'zoom',
  'rotate',
  'flip',
  'labels',
  'hide',
  'look',
  'opacity',
  'measure',
  ...RASTER_FIELDS,
]

/** What a set, or a class of it, is called in the address. */
export function lookKey(set: string, classId: number | null = null): string {
  return `${classId ?? ''}@${set}`
}

/** The state in an address; what cannot be read is as at the start. */
export function readState(search: URLSearchParams): ViewerState {
  const at = numbersOf(search.get('center'), 2)
  const zoom = numberOf(search.get('zoom'), null, 1e-4, 1e4)
  return {
    window: windowIn(search.get('window')),
    invert: search.get('invert') === '1',
    brightness: numberOf(search.get('brightness'), 0, -100, 100),
    contrast: numberOf(search.get('contrast'), 0, -100, 100),
    smooth: search.get('smooth') !== '0',
    place: at !== null && zoom !== null ? { x: at[0] ?? 0, y: at[1] ?? 0, zoom } : null,
    rotation: numberOf(search.get('rotate'), 0, -360, 360),
    flip: search.get('flip') === '1',
    labels: search.get('labels') !== '0',
    hidden: search.getAll('hide').filter((key) => key.includes('@')),
    looks: Object.fromEntries(search.getAll('look').flatMap(lookIn)),
    opacity: numberOf(search.get('opacity'), 100, 0, 100),
    measures: search.getAll('measure').flatMap(measureIn),
    raster: readRaster(search),
  }
}

/** The key of the item in an address. */
export function itemIn(search: URLSearchParams): string | null {
  return search.get('item')
}

/** Which plane of the item an address asks for, from 0; there it is counted from 1, as on the screen. */
export function frameIn(search: URLSearchParams): number {
  const frame = Number(search.get('frame') ?? 1)
  return Number.isSafeInteger(frame) && frame > 0 ? frame - 1 : 0
}

/** An address's search with the item and the state in it; what is as at the start is left out, what is not ours stays. */
export function writeState(
  item: string | null,
  state: ViewerState,
  before: URLSearchParams,
  frame = 0,
): URLSearchParams {
  const search = new URLSearchParams(before)
  for (const name of OWN) search.delete(name)
  const put = (name: string, value: string | null) => {
    if (value !== null) search.append(name, value)
  }
  put('item', item)
  put('frame', frame === 0 ? null : String(frame + 1))
  put('window', windowText(state.window))
  put('invert', state.invert ? '1' : null)
  put('brightness', unlessZero(state.brightness))
  put('contrast', unlessZero(state.contrast))
  put('smooth', state.smooth ? null : '0')
  if (state.place !== null) {
    put('center', `${short(state.place.x)},${short(state.place.y)}`)
    put('zoom', short(state.place.zoom))
  }
  put('rotate', unlessZero(state.rotation))
  put('flip', state.flip ? '1' : null)
  put('labels', state.labels ? null : '0')
  for (const key of state.hidden) put('hide', key)
  for (const [key, look] of Object.entries(state.looks)) put('look', lookText(key, look))
  put('opacity', state.opacity === 100 ? null : short(state.opacity))
  for (const [from, to] of state.measures) put('measure', [...from, ...to].map(short).join(','))
  writeRaster(state.raster, put)
  return search
}

/** What of an address is not the viewer's own: the filters of the list that the item came from. */
export function othersIn(search: URLSearchParams): URLSearchParams {
  const others = new URLSearchParams(search)
  for (const name of OWN) others.delete(name)
  return others
}

function numberOf<T>(text: string | null, otherwise: T, least: number, most: number): number | T {
  const value = text === null || text.trim() === '' ? NaN : Number(text)
  return value >= least && value <= most ? value : otherwise
}

function numbersOf(text: string | null, count: number): number[] | null {
  const values = (text ?? '').split(',').map((each) => (each.trim() === '' ? NaN : Number(each)))
  return values.length === count && values.every((each) => Number.isFinite(each)) ? values : null
}

function windowIn(text: string | null): WindowChoice | null {
  if (text === null || text === '') return null
  const range = numbersOf(text, 2)
  if (range !== null) return { low: range[0] ?? 0, high: range[1] ?? 1 }
  return /^[a-z]+\d*$/.test(text) ? text : null
}

function windowText(window: WindowChoice | null): string | null {
  if (window === null || typeof window === 'string') return window
  return `${exact(window.low)},${exact(window.high)}`
}

function measureIn(text: string): (readonly [Point, Point])[] {
  const values = numbersOf(text, 4)
  if (values === null) return []
  const [a = 0, b = 0, c = 0, d = 0] = values
  return [
    [
      [a, b],
      [c, d],
    ] as const,
  ]
}

/** "56b4e9.40.3@label": colour, opacity, key; a part that is not changed is empty. */
function lookText(key: string, { color, opacity }: Look): string | null {
  if (color === undefined && opacity === undefined) return null
  return `${color?.replace('#', '') ?? ''}.${opacity ?? ''}.${key}`
}

function lookIn(text: string): [string, Look][] {
  const parts = /^([0-9a-f]{6})?\.(\d{1,3})?\.(-?\d*@.*)$/su.exec(text)
  if (parts === null) return []
  const [, color, opacity, key = ''] = parts
  const look: Look = {}
  if (color !== undefined) look.color = `#${color}`
  if (opacity !== undefined) look.opacity = Math.min(100, Number(opacity))
  return [[key, look]]
}

function unlessZero(value: number): string | null {
  return value === 0 ? null : short(value)
}

/** Enough digits for a picture of 100,000 px at 100 times its size. */
function short(value: number): string {
  return String(Number(value.toFixed(3)))
}

function exact(value: number): string {
  return String(Number(value.toPrecision(9)))
}
