import type { Schemas } from '@/api/client'
import { valueType } from './model/windowing'

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

/** The type of an item's values, which are its samples after the rescale. */
export function valueTypeOf({ image }: Pick<ItemDocument, 'image'>): string {
  return valueType(image.dtype, image.rescale)
}

/** Whether the item's file is DICOM, which has tags of its own. */
export function isDicom({ image }: Pick<ItemDocument, 'image'>): boolean {
  return image.media_type === 'application/dicom'
}

/** Whether the item is a chip, whose rasters have bands and classes instead of colours and shapes. */
export function hasRasters({ layers }: Pick<ItemDocument, 'layers'>): boolean {
  return layers.length > 0
}
