import type { Facts } from './facts'
import {
  type BandOrder,
  type Color,
  type DataSource,
  type LabelCategory,
  number,
  paletteColor,
  type Purpose,
  type Recipe,
  type RecipeBand,
} from './recipe'

/** A recipe while a person edits it: numbers are what is typed, bands that are not used stay in their rows. */
export interface Form {
  purpose: Purpose
  sources: FormSource[]
  labelSuffix: string
  labelLayer: string
  categories: FormCategory[]
  scene: string
  /** Categories were changed by hand: another check leaves them. */
  isCategoriesEdited: boolean
}

export interface FormSource {
  /** Tells sources apart while their names change. */
  key: number
  tag: string
  suffix: string
  connector: string
  collection: string
  nodata: string
  resolution: number | null
  dates: string[]
  bandOrder: BandOrder
  bands: FormBand[]
  /** Changed by hand: another check leaves it. */
  isEdited: boolean
}

export interface FormBand {
  index: number
  used: boolean
  name: string
  color: Color | null
  scale: string
  offset: string
  description: string
  wavelength: number | null
}

export interface FormCategory {
  key: number
  id: string
  name: string
  color: string
  opacity: string
  weight: string
  ignore: boolean
}

/** The form of a recipe; bands that the files have and the recipe leaves out follow its own, unused. */
export function formOf(recipe: Recipe, facts: Facts | null): Form {
  return {
    purpose: recipe.purpose,
    sources: recipe.data_sources.map((source, key) => formSource(source, key, facts)),
    labelSuffix: recipe.label_suffix,
    labelLayer: recipe.label_layer,
    categories: recipe.label_categories.map(formCategory),
    scene: recipe.scene ?? '',
    isCategoriesEdited: false,
  }
}

function formSource(source: DataSource, key: number, facts: Facts | null): FormSource {
  const found = facts?.sources.find((each) => each.suffix === source.file_suffix)?.bands ?? null
  const width = bandsOfOneDate(found, source.dates.length) ?? found ?? 0
  const known = new Set(source.bands.map((band) => band.index))
  const others = Array.from({ length: width }, (_, index) => index).filter((index) => !known.has(index))
  return {
    key,
    tag: source.modality_tag,
    suffix: source.file_suffix,
    connector: source.connector,
    collection: source.collection,
    nodata: source.nodata === null ? '' : String(source.nodata),
    resolution: source.resolution,
    dates: source.dates,
    bandOrder: source.band_order,
    bands: [...source.bands.map(formBand), ...others.map((index) => blankBand(index, false))],
    isEdited: false,
  }
}

function formBand(band: RecipeBand): FormBand {
  return {
    index: band.index,
    used: true,
    name: band.band_name,
    color: band.RGB_band,
    scale: String(band.scaling_factor),
    offset: String(band.offset),
    description: band.description,
    wavelength: band.wavelength,
  }
}

function formCategory(category: LabelCategory, key: number): FormCategory {
  return {
    key,
    id: String(category.id),
    name: category.name,
    color: category.color,
    opacity: String(category.opacity),
    weight: category.weight === null ? '' : String(category.weight),
    ignore: category.ignore,
  }
}

/** How many bands one date of a stack has; null where the dates do not divide the bands of the file. */
export function bandsOfOneDate(bands: number | null, dates: number): number | null {
  if (bands === null || dates === 0) return null
  return bands % dates === 0 ? bands / dates : null
}

export function blankBand(index: number, used = true): FormBand {
  return {
    index,
    used,
    name: `B${index + 1}`,
    color: null,
    scale: '1',
    offset: '0',
    description: '',
    wavelength: null,
  }
}

/** A form for a source that could not be looked into: what is in it is typed by hand. */
export function blankForm(): Form {
  return {
    purpose: 'Segmentation',
    sources: [blankSource(0)],
    labelSuffix: '',
    labelLayer: 'label',
    categories: [],
    scene: '',
    isCategoriesEdited: false,
  }
}

export function blankSource(key: number): FormSource {
  return {
    key,
    tag: `source${key + 1}`,
    suffix: '',
    connector: '',
    collection: '',
    nodata: '',
    resolution: null,
    dates: [],
    bandOrder: 'dates_first',
    bands: [],
    isEdited: false,
  }
}

export function blankCategory(categories: readonly FormCategory[]): FormCategory {
  const ids = categories.map(({ id }) => number(id) ?? 0)
  const id = ids.length === 0 ? 0 : Math.max(...ids) + 1
  return {
    key: 1 + Math.max(-1, ...categories.map(({ key }) => key)),
    id: String(id),
    name: '',
    color: paletteColor(id),
    opacity: '1',
    weight: '',
    ignore: false,
  }
}

/**
 * What a person has edited, after the source was checked again: sources that they left alone are as proposed now,
 * those that they changed stay theirs. Sources that they took out do not come back.
 */
export function reconciled(edited: Form, proposed: Form): Form {
  const sources = edited.sources.map((source) => {
    const found = proposed.sources.find(({ suffix }) => suffix === source.suffix)
    return found === undefined || source.isEdited ? source : { ...found, key: source.key }
  })
  return {
    ...edited,
    sources,
    categories: edited.isCategoriesEdited ? edited.categories : proposed.categories,
    labelLayer: proposed.labelLayer,
  }
}

/** The recipe of a form, as the server takes it. */
export function recipeOf(form: Form): Recipe & { type: string; version: number } {
  return {
    type: 'geospatial-recipe',
    version: 1,
    purpose: form.purpose,
    data_sources: form.sources.map((source) => ({
      modality_tag: source.tag.trim(),
      file_suffix: source.suffix.trim(),
      connector: source.connector,
      collection: source.collection,
      nodata: nodataOf(source.nodata),
      resolution: source.resolution,
      dates: source.dates,
      band_order: source.bandOrder,
      bands: source.bands.filter(({ used }) => used).map(bandOf),
    })),
    label_suffix: form.labelSuffix.trim(),
    label_layer: form.labelLayer,
    label_categories: form.categories.map((category) => ({
      id: number(category.id) ?? 0,
      name: category.name.trim(),
      color: category.color.toUpperCase(),
      opacity: number(category.opacity) ?? 1,
      weight: number(category.weight),
      ignore: category.ignore,
    })),
    scene: form.scene.trim() || null,
  }
}

function bandOf(band: FormBand): RecipeBand {
  return {
    index: band.index,
    band_name: band.name.trim(),
    RGB_band: band.color,
    scaling_factor: number(band.scale) ?? 1,
    offset: number(band.offset) ?? 0,
    description: band.description,
    wavelength: band.wavelength,
  }
}

function nodataOf(typed: string): number | string | null {
  const plain = typed.trim()
  return plain === '' ? null : plain.toLowerCase() === 'nan' ? 'nan' : (number(plain) ?? plain)
}
