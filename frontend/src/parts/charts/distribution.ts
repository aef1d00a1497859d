import type { Schemas } from '@/api/client'
import { itemsWords } from '../words'

export type Distribution = Schemas['Distribution']
export type ClassSpread = Schemas['ClassSpread']
export type Part = 'train' | 'validation' | 'test'

export const PARTS: readonly Part[] = ['train', 'validation', 'test']
export const PART_WORDS: Record<Part, string> = { train: 'Train', validation: 'Validation', test: 'Test' }

/** Between the most and the least frequent class: from here on it is said. */
const MUCH = 10

export interface Noun {
  one: string
  many: string
}

/** What a dataset's labels are: of which modality its items are, and whether rasters hold the labels. */
export interface Counted {
  modality?: string
  isRaster?: boolean
}

/** What a set's labels are counted in; of label rasters in pixels. */
export function nounOf(task: string, { modality = 'planar', isRaster = false }: Counted = {}): Noun {
  if (task === 'detection') return { one: 'box', many: 'boxes' }
  if (task === 'segmentation')
    return isRaster ? { one: 'pixel', many: 'pixels' } : { one: 'region', many: 'regions' }
  const [one, many] = itemsWords(modality)
  return { one, many }
}

/** Whether labels and pictures are different numbers. */
export function countsLabels(task: string): boolean {
  return task === 'detection' || task === 'segmentation'
}

export function totalLabels(classes: readonly ClassSpread[]): number {
  return classes.reduce((sum, each) => sum + each.labels, 0)
}

/** The most frequent first; equal ones in their order. */
export function byFrequency(classes: readonly ClassSpread[]): ClassSpread[] {
  return [...classes].sort((a, b) => b.labels - a.labels)
}

/** What shares are of: all labels, or the pictures that the set covers where one may have several classes. */
export function wholeOf({ task, items, classes }: Distribution): number {
  return task === 'multi_label' ? items : totalLabels(classes)
}

/** Labels of a class outside every part of the split. */
export function unsplit(each: ClassSpread): number {
  return Math.max(0, each.labels - each.train - each.validation - each.test)
}

/** How much more frequent the most frequent class is than the least; null when that is nothing to speak of. */
export function imbalance(
  classes: readonly ClassSpread[],
): { most: string; least: string; times: number } | null {
  const present = byFrequency(classes.filter((each) => each.labels > 0))
  const most = present[0]
  const least = present.at(-1)
  if (most === undefined || least === undefined || most.labels / least.labels < MUCH) return null
  return { most: most.name, least: least.name, times: Math.floor(most.labels / least.labels) }
}

/** Classes that do not occur in a part, for the parts in which some are missing. */
export function missingIn(classes: readonly ClassSpread[]): { part: Part; names: string[] }[] {
  return PARTS.map((part) => ({
    part,
    names: classes.filter((each) => each.labels > 0 && each[part] === 0).map((each) => each.name),
  })).filter(({ names }) => names.length > 0)
}
