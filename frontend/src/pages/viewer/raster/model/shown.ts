/** What of a chip is shown on a side of the swipe, and what tiles it needs. All are pure. */

import type { PictureSize } from '../../model/geometry'
import type { Content } from '../../model/tileStore'
import type { ItemDocument } from '../../types'
import type { Range } from '../../model/windowing'
import type { Channel, Validity } from '../stage/texturing'
import { bandAt, isSource, namesAt, type RasterLayer } from '../types'
import { type Display, firstDisplay, isColor } from './display'
import { BadExpression, type Expression, parse } from './expression'
import type { RasterState } from './state'
import { opened, percentile } from './stretch'

/** A layer with how its bands are shown. */
export interface Shown {
  layer: RasterLayer
  display: Display
  /** Which of the file's dates, from 0; null where it has none, or for the last one. */
  date: number | null
}

/** What has to be fetched for a display, and what becomes of it. */
export interface Needed {
  content: Content
  /** Of red, green and blue, of the one band, or of the bands that a formula names. */
  channels: readonly (Channel & { name: string; place: number })[]
  expression: Expression | null
  validity: Validity
}

export const sourcesOf = ({ layers }: Pick<ItemDocument, 'layers'>): RasterLayer[] => layers.filter(isSource)

export const labelsOf = ({ layers }: Pick<ItemDocument, 'layers'>): RasterLayer[] =>
  layers.filter((layer) => !isSource(layer))

export function sizeOf({ width, height, tile, levels }: RasterLayer): PictureSize {
  return { width, height, tile, levels }
}

/** Whether a layer is drawn: the first data source and the labels, unless a person says otherwise. */
export function isDrawn(item: Pick<ItemDocument, 'layers'>, layer: RasterLayer, state: RasterState): boolean {
  return state.layers[layer.name]?.shown ?? (!isSource(layer) || sourcesOf(item)[0]?.name === layer.name)
}

/** 0 to 100. Labels let the picture through. */
export function opacityOf(layer: RasterLayer, state: RasterState): number {
  return state.layers[layer.name]?.opacity ?? (layer.role === 'label' ? 55 : 100)
}

export function displayOf(layer: RasterLayer, state: RasterState): Display {
  const asked = state.layers[layer.name]?.display
  return asked !== undefined && fits(asked, layer) ? asked : firstDisplay(layer)
}

/** Whether a layer has what a display asks for: another chip's may have fewer bands. */
export function fits(display: Display, layer: Pick<RasterLayer, 'bands'>): boolean {
  if (display.formula === null) {
    const known = new Set(layer.bands.map(({ index }) => index))
    return display.bands.every((band) => known.has(band))
  }
  return expressionOf(display.formula, layer).problem === null
}

export function expressionOf(
  formula: string,
  layer: Pick<RasterLayer, 'bands'>,
  date: number | null = null,
): { expression: Expression; problem: null } | { expression: null; problem: string } {
  try {
    return { expression: parse(formula, namesAt(layer, date)), problem: null }
  } catch (error) {
    if (error instanceof BadExpression) return { expression: null, problem: error.message }
    throw error
  }
}

/** What is at the left of the swipe: as at the right where nothing else is asked for. */
export function leftOf(item: ItemDocument, state: RasterState): Shown | null {
  const { left } = state
  const sources = sourcesOf(item)
  const layer = sources.find(({ name }) => name === left.layer) ?? topOf(item, state) ?? sources[0]
  if (layer === undefined) return null
  const display = left.display !== null && fits(left.display, layer) ? left.display : displayOf(layer, state)
  return { layer, display, date: left.item === null ? (left.date ?? state.date) : left.date }
}

/** The data source that is seen: the uppermost of those that are drawn. */
export function topOf(item: Pick<ItemDocument, 'layers'>, state: RasterState): RasterLayer | undefined {
  return sourcesOf(item).find((layer) => isDrawn(item, layer, state)) ?? sourcesOf(item)[0]
}

/** What a display has to fetch; null where its formula does not read. */
export function neededOf({ layer, display, date }: Shown): Needed | null {
  const expression = display.formula === null ? null : expressionOf(display.formula, layer, date).expression
  if (display.formula !== null && expression === null) return null
  const names = namesAt(layer, date)
  const wanted =
    expression === null
      ? display.bands.flatMap((index) => bandAt(layer, index, date) ?? [])
      : expression.names.flatMap((name) => layer.bands[names.indexOf(name)] ?? [])
  const places = [...new Set(wanted.map(({ index }) => index))].sort((a, b) => a - b)
  // A formula of numbers alone still needs to know which pixels there are.
  if (places.length === 0) places.push(0)
  return {
    content: { sha256: layer.sha256, frame: 0, places: places.join(), isMasked: layer.masked },
    channels: wanted.map(({ index, scale, offset }) => ({
      ...{ scale, offset, place: index },
      at: places.indexOf(index),
      name: names[index] ?? '',
    })),
    expression,
    validity: {
      nodata: layer.nodata.filter((each) => typeof each === 'number'),
      mask: layer.masked ? places.length : null,
    },
  }
}

/** The ranges of a display's bands in values; null where they have to be reckoned from pixels, as of a formula. */
export function rangesOf({ layer, display }: Shown, needed: Needed): Range[] | null {
  const { stretch } = display
  const count = isColor(display) ? 3 : 1
  if (stretch.of === 'own') {
    return Array.from({ length: count }, (_, index) =>
      opened(stretch.ranges[index] ?? stretch.ranges[0] ?? { low: 0, high: 1 }),
    )
  }
  if (needed.expression !== null) return null
  const { low, high } = stretch
  const all = stretch.of === 'item' ? layer.statistics : layer.dataset_statistics
  return needed.channels.map(({ place }) => {
    const told = layer.ranges[stretch.of][place]
    const statistics = all[place]
    const isUsual = low === 2 && high === 98
    // Of files with very many bands no histogram is told.
    if (told != null && (isUsual || statistics === undefined || statistics.histogram.counts.length === 0))
      return opened({ low: told[0] ?? 0, high: told[1] ?? 1 })
    if (statistics === undefined) return { low: 0, high: 1 }
    return opened({ low: percentile(statistics, low), high: percentile(statistics, high) })
  })
}
