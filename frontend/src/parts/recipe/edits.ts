import type { Collection, CollectionBand } from './collections'
import {
  bandsOfOneDate,
  blankBand,
  blankSource,
  type Form,
  type FormBand,
  type FormCategory,
  type FormSource,
} from './form'
import type { Color } from './recipe'

/** What a person does to a form; each gives a new one. */

export function withSource(form: Form, key: number, change: Partial<FormSource>): Form {
  const sources = form.sources.map((each) =>
    each.key === key ? { ...each, isEdited: true, ...change } : each,
  )
  return { ...form, sources }
}

export function addSource(form: Form): Form {
  const key = 1 + Math.max(-1, ...form.sources.map((each) => each.key))
  return { ...form, sources: [...form.sources, blankSource(key)] }
}

export function removeSource(form: Form, key: number): Form {
  return { ...form, sources: form.sources.filter((each) => each.key !== key) }
}

export function withBand(bands: readonly FormBand[], index: number, change: Partial<FormBand>): FormBand[] {
  return bands.map((band) => (band.index === index ? { ...band, ...change } : band))
}

/** Give a band a colour, or take it back; each colour is given once. */
export function withColor(bands: readonly FormBand[], index: number, color: Color): FormBand[] {
  return bands.map((band) => {
    if (band.index === index) return { ...band, color: band.color === color ? null : color }
    return band.color === color ? { ...band, color: null } : band
  })
}

/** Move a band up (−1) or down (1) in the order of use. */
export function moved(bands: readonly FormBand[], index: number, by: -1 | 1): FormBand[] {
  const at = bands.findIndex((band) => band.index === index)
  const to = at + by
  const [here, there] = [bands[at], bands[to]]
  if (here === undefined || there === undefined) return [...bands]
  const order = [...bands]
  order[at] = there
  order[to] = here
  return order
}

export function addBand(bands: readonly FormBand[]): FormBand[] {
  return [...bands, blankBand(1 + Math.max(-1, ...bands.map((band) => band.index)))]
}

export function withAllUsed(bands: readonly FormBand[], used: boolean): FormBand[] {
  return bands.map((band) => ({ ...band, used, color: used ? band.color : null }))
}

/** Say that a file stacks dates: the rows then are the bands of one of them. */
export function withDates(source: FormSource, dates: string[], inFile: number | null): FormSource {
  const width = dates.length === 0 ? inFile : bandsOfOneDate(inFile, dates.length)
  if (width === null) return { ...source, dates, isEdited: true }
  const kept = source.bands.filter((band) => band.index < width)
  const known = new Set(kept.map((band) => band.index))
  const missing = Array.from({ length: width }, (_, index) => index).filter((index) => !known.has(index))
  return { ...source, dates, isEdited: true, bands: [...kept, ...missing.map((index) => blankBand(index))] }
}

/** Call a band what a person typed; a name of the collection brings what the collection says of its band. */
export function withName(
  bands: readonly FormBand[],
  index: number,
  name: string,
  collection: Collection | undefined,
): FormBand[] {
  const found = collection?.bands.find((each) => each.name.replace(/\s+/g, '_') === name)
  return bands.map((band) => {
    if (band.index === index) return found === undefined ? { ...band, name } : ofBand(band, found)
    return found?.color != null && band.color === found.color ? { ...band, color: null } : band
  })
}

function ofBand(band: FormBand, found: CollectionBand): FormBand {
  return {
    ...band,
    name: found.name.replace(/\s+/g, '_'),
    color: found.color,
    description: found.description,
    wavelength: found.wavelength,
    scale: found.scale === null ? band.scale : String(found.scale),
  }
}

/**
 * The source as files of a collection: names, colours, wavelengths and scales of its bands. As many bands as the
 * collection has are taken in its order; else those that are called alike, or where none is, the first of them.
 */
export function ofCollection(source: FormSource, collection: Collection, isTagFree: boolean): FormSource {
  const bands =
    source.bands.length === 0
      ? collection.bands.map((_, index) => blankBand(index))
      : [...source.bands].sort((a, b) => a.index - b.index)
  const alike = (band: FormBand) =>
    collection.bands.find(({ name }) => isAlike(name, band.name) || isAlike(name, band.description))
  const byName = bands.length !== collection.bands.length && bands.some((band) => alike(band) !== undefined)
  const described = bands.map((band) => {
    const found = byName ? alike(band) : collection.bands[band.index]
    return found === undefined ? band : ofBand(band, found)
  })
  return {
    ...source,
    bands: described,
    connector: collection.connector,
    collection: collection.collection,
    resolution: collection.resolution,
    tag: isTagFree ? collection.modality_tag : source.tag,
    isEdited: true,
  }
}

function isAlike(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, '')
    .replace(/^b0(?=\d)/, 'b')
}

export function withCategory(form: Form, key: number, change: Partial<FormCategory>): Form {
  const categories = form.categories.map((each) => (each.key === key ? { ...each, ...change } : each))
  return { ...form, categories, isCategoriesEdited: true }
}
