import type { Schemas } from '@/api/client'

export type ItemDocument = Schemas['ItemDetail']
export type BandStatistics = Schemas['BandStatistics']
export type Slice = Schemas['SeriesItem']
export type StudyEntry = Schemas['StudyView']

/** Millimetres per row and per column. */
export type Spacing = readonly [number, number]

/** The spacing of an item's pixels; null where it is not known. */
export function spacingOf({ spacing }: Pick<ItemDocument, 'spacing'>): Spacing | null {
  const [row, column] = spacing ?? []
  return row === undefined || column === undefined ? null : [row, column]
}
