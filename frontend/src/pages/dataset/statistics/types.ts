import type { Histogram } from '@/parts/charts/histogram'

/** The documents of GET /datasets/{dataset}/statistics, whose layers and sets have names from people. */

export interface Band {
  name: string
  n: number
  mean: number | null
  std: number | null
  min: number | null
  max: number | null
  invalid: number
  percentiles: Record<string, number | boolean | null>
  /** Of the part "all"; versions of older releases have none. */
  histogram?: Histogram
}

export type LayerParts = Record<string, { bands: Band[] }>

type Numbers = (number | null)[]

export interface Scaled {
  /** The values of the files that are 0 and 1; null where a recipe says how values come of samples. */
  range: [number, number] | null
  /** Of each band: value = scale × sample + offset. */
  scale?: number[]
  offset?: number[]
  mean: Numbers
  std: Numbers
  min: Numbers
  max: Numbers
  percentiles: Record<string, Numbers>
}

export interface TrainingLayer {
  bands: string[]
  native: Omit<Scaled, 'range' | 'scale' | 'offset'> & { n: number[]; invalid: number[]; exact: boolean }
  scaled: Scaled | null
  bit_depth: number | null
  bit_depths: number[]
  dtypes: string[]
  size: [number, number] | null
  sizes: { min: number[]; median: number[]; max: number[] } | null
}

export type Weights = Record<string, number | null>

export const CONVENTIONS = ['inverse_frequency', 'median_frequency', 'effective_number'] as const
export type Convention = (typeof CONVENTIONS)[number]

export interface TrainingSet {
  task: string
  counts: Record<string, number>
  weights: Record<Convention, Weights> & { beta: number; empty: string[] }
}

export interface Training {
  type: string
  version: number
  part: string
  items: number
  layers: Record<string, TrainingLayer>
  sets: Record<string, TrainingSet>
}

export interface Amounts {
  min: number
  median: number
  max: number
}

export interface BoxSizes {
  count: number
  without_area: number
  width: Amounts | null
  height: Amounts | null
  per_item: Amounts | null
}

export interface Statistics {
  /** By the name of the layer. */
  layers: Record<string, LayerParts>
  /** By the name of the set; versions of older releases have none. */
  boxSizes: Record<string, BoxSizes>
  /** Null before the first version. */
  training: Training | null
}

const BESIDE = ['classes', 'weights', 'box_sizes', 'training']

/** The answer's document, in which layers lie beside fields of fixed names. */
export function readStatistics(document: Record<string, unknown>): Statistics {
  const layers = Object.entries(document).filter(([name]) => !BESIDE.includes(name))
  const training = document['training'] as Partial<Training> | undefined
  return {
    layers: Object.fromEntries(layers) as Record<string, LayerParts>,
    boxSizes: (document['box_sizes'] ?? {}) as Record<string, BoxSizes>,
    training: training?.layers === undefined ? null : (training as Training),
  }
}
