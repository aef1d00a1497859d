import type { Range } from '@/parts/charts/histogram'
import { figure } from './sizes'
import type { Band, TrainingLayer } from './types'

const COLORS: Record<string, string> = {
  red: 'var(--c4)',
  green: 'var(--c3)',
  blue: 'var(--c1)',
  gray: 'var(--ink-3)',
  cyan: 'var(--c6)',
  magenta: 'var(--c5)',
  yellow: 'var(--c2)',
  black: 'var(--ink-2)',
  alpha: 'var(--control)',
}

export function colorOf(band: string): string {
  return COLORS[band] ?? 'var(--accent)'
}

const PERCENTILES = ['1', '25', '50', '75', '99'] as const

/** What is said of a band: in the values of the files, or from 0 to 1. */
export interface BandNumbers {
  mean: number | null
  std: number | null
  min: number | null
  max: number | null
  percentiles: [name: string, value: number | null][]
}

/** The numbers of the train part, or, where it has no pictures, those of all. */
export function numbersOf(band: Band, layer: TrainingLayer | undefined, scaled: boolean): BandNumbers {
  const place = layer?.bands.indexOf(band.name) ?? -1
  if (layer === undefined || place < 0) {
    const all = band.percentiles as Record<string, number | null>
    return { ...band, percentiles: PERCENTILES.map((each) => [each, all[each] ?? null]) }
  }
  const numbers = (scaled ? layer.scaled : null) ?? layer.native
  const at = (values: (number | null)[] | undefined) => values?.[place] ?? null
  return {
    mean: at(numbers.mean),
    std: at(numbers.std),
    min: at(numbers.min),
    max: at(numbers.max),
    percentiles: PERCENTILES.map((each) => [each, at(numbers.percentiles[each])]),
  }
}

/** Whether the values are whole numbers. */
export function isWhole(layer: TrainingLayer | undefined): boolean {
  return layer !== undefined && layer.dtypes.every((dtype) => !dtype.startsWith('float'))
}

/** All values that the bit depth allows, the end of the last one included; null where depths differ. */
export function possibleOf(layer: TrainingLayer | undefined): Range | null {
  const range = layer?.scaled?.range
  if (range == null) return null
  return { low: range[0], high: isWhole(layer) ? range[1] + 1 : range[1] }
}

/** How a value of the files is written on an axis of a band. */
export function writer(
  layer: TrainingLayer | undefined,
  scaled: boolean,
  band: string,
): (value: number) => string {
  const by = scaled ? layer?.scaled : null
  if (by == null) return figure
  const place = layer?.bands.indexOf(band) ?? -1
  const [low, high] = by.range ?? [0, 1]
  const [scale, offset] = by.range === null ? [by.scale?.[place] ?? 1, by.offset?.[place] ?? 0] : [1, 0]
  return (value) => String(Number(((scale * value + offset - low) / (high - low)).toPrecision(3)))
}

/** Whether the scaled values are those of a recipe: scale × sample + offset. */
export function isByRecipe(layer: TrainingLayer | undefined): boolean {
  return layer?.scaled != null && layer.scaled.range === null
}

/** A mean or a deviation: four decimals from 0 to 1, two of larger values. */
export function measured(value: number | null, scaled: boolean): string {
  if (value === null) return '–'
  if (!scaled) return value.toLocaleString('en-GB', { maximumFractionDigits: 2, minimumFractionDigits: 2 })
  return value !== 0 && Math.abs(value) < 0.001 ? value.toPrecision(2) : value.toFixed(4)
}

/** What the values mean, in a sentence. */
export function scaleText(layer: TrainingLayer | undefined, scaled: boolean, items = 'pictures'): string {
  if (layer === undefined) return `The train part has no ${items}: the numbers are those of all.`
  if (layer.scaled === null) {
    return layer.bit_depths.length > 1
      ? `${capital(items)} of ${layer.bit_depths.join(' and ')} bits have no common scale: values are those of the files.`
      : `These ${items} have no largest possible value: values are those of the files.`
  }
  if (layer.scaled.range === null) {
    return scaled
      ? 'Values are scale × sample + offset, as the recipe says of each band.'
      : 'Values are those of the files, without the scale and offset of the recipe.'
  }
  const [low, high] = layer.scaled.range
  const bits = `${layer.bit_depth ?? layer.bit_depths.join(', ')} bits`
  if (!scaled) return `Values are those of the files: ${bits}, ${figure(low)} to ${figure(high)}.`
  const divided = low === 0 ? `divided by ${figure(high)}` : `${figure(low)} is 0 and ${figure(high)} is 1`
  return `Values 0 to 1: those of the files, ${bits}, ${divided}.`
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
