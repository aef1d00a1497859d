/** How a geospatial dataset is read: the document of `core/recipe.py`, which the API's description leaves open. */

export const PURPOSES = [
  'Segmentation',
  'Regression',
  'Classification',
  'Detection',
  'Generation',
  'Other',
] as const
export type Purpose = (typeof PURPOSES)[number]

export const COLORS = ['R', 'G', 'B'] as const
export type Color = (typeof COLORS)[number]

export type BandOrder = 'dates_first' | 'bands_first'

export interface RecipeBand {
  /** Place in the file, from 0; in a stack of dates its place in one date. */
  index: number
  band_name: string
  RGB_band: Color | null
  scaling_factor: number
  offset: number
  description: string
  /** Centre in nanometres. */
  wavelength: number | null
}

export interface DataSource {
  modality_tag: string
  file_suffix: string
  connector: string
  collection: string
  /** A number, "nan", or nothing beside what the files declare. */
  nodata: number | string | null
  /** Metres. */
  resolution: number | null
  /** ISO dates of a stack; empty where a file is of one date. */
  dates: string[]
  band_order: BandOrder
  bands: RecipeBand[]
}

export interface LabelCategory {
  /** The value in the label raster; negative ones are allowed. */
  id: number
  name: string
  color: string
  /** 0 to 1. */
  opacity: number
  weight: number | null
  /** Not learnt from: counted for no weight. */
  ignore: boolean
}

export interface Recipe {
  purpose: Purpose
  data_sources: DataSource[]
  label_suffix: string
  label_layer: string
  label_categories: LabelCategory[]
  /** A regular expression whose first group, found in a chip's key, names its scene. */
  scene: string | null
}

type Loose = Record<string, unknown>

/** The recipe of a document; null for none. What is missing is as the server reads it. */
export function readRecipe(document: unknown): Recipe | null {
  if (!isObject(document)) return null
  return {
    purpose: PURPOSES.find((each) => each === document['purpose']) ?? 'Segmentation',
    data_sources: list(document['data_sources']).map(readSource),
    label_suffix: text(document['label_suffix']),
    label_layer: text(document['label_layer']) || 'label',
    label_categories: list(document['label_categories']).map(readCategory),
    scene: text(document['scene']) || null,
  }
}

function readSource(entry: Loose): DataSource {
  const nodata = entry['nodata']
  return {
    modality_tag: text(entry['modality_tag']),
    file_suffix: text(entry['file_suffix']),
    connector: text(entry['connector']),
    collection: text(entry['collection']),
    nodata: typeof nodata === 'number' || typeof nodata === 'string' ? nodata : null,
    resolution: number(entry['resolution']),
    dates: Array.isArray(entry['dates']) ? entry['dates'].map(text) : [],
    band_order: entry['band_order'] === 'bands_first' ? 'bands_first' : 'dates_first',
    bands: list(entry['bands']).map(readBand),
  }
}

function readBand(entry: Loose, place: number): RecipeBand {
  const index = number(entry['index']) ?? place
  return {
    index,
    band_name: text(entry['band_name']) || String(index + 1),
    RGB_band: COLORS.find((each) => each === entry['RGB_band']) ?? null,
    scaling_factor: number(entry['scaling_factor']) ?? 1,
    offset: number(entry['offset']) ?? 0,
    description: text(entry['description']),
    wavelength: number(entry['wavelength']),
  }
}

function readCategory(entry: Loose): LabelCategory {
  const id = number(entry['id']) ?? 0
  return {
    id,
    name: text(entry['name']) || String(id),
    color: text(entry['color']) || paletteColor(id),
    opacity: number(entry['opacity']) ?? 1,
    weight: number(entry['weight']),
    ignore: entry['ignore'] === true,
  }
}

const PALETTE = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#D55E00',
  '#CC79A7',
  '#56B4E9',
  '#F0E442',
  '#C2E7B4',
  '#894B66',
  '#00F5FA',
  '#AD3300',
  '#767EFE',
]

/** The colour that a class gets when nobody chose one, as `core/labels.py` gives it. */
export function paletteColor(id: number): string {
  const place = ((id % PALETTE.length) + PALETTE.length) % PALETTE.length
  return PALETTE[place] ?? '#0072B2'
}

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function list(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const read = Number(value)
  return Number.isFinite(read) ? read : null
}
