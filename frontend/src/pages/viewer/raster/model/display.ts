/** How the bands of a layer become colours: three of them, one with a colour map, or a formula. All are pure. */

import { bandName, bandsOf, indexOf, type RasterBand, type RasterLayer } from '../types'
import { nameInExpression } from './expression'
import { isPalette, type PaletteName } from './palettes'
import { type Stretch, stretchIn, stretchText, USUAL } from './stretch'

export interface Display {
  /** Indices of red, green and blue, or of one band; of a formula, none. */
  bands: readonly number[]
  formula: string | null
  palette: PaletteName
  stretch: Stretch
}

export interface Preset {
  id: string
  label: string
  bands: readonly number[]
  formula: string | null
}

interface Index {
  name: string
  layer: string
  expression: string
}

type Role = 'red' | 'green' | 'blue' | 'nir' | 'swir1' | 'swir2'

/** Centres that sensors have, in nanometres, and the one that is meant where several bands lie between. */
const WAVES: Record<Role, readonly [from: number, to: number, best: number]> = {
  blue: [440, 515, 490],
  green: [520, 600, 560],
  red: [620, 690, 665],
  nir: [760, 900, 840],
  swir1: [1500, 1750, 1610],
  swir2: [2050, 2350, 2200],
}

/** Names of sensors that all write alike; "b1" to "b4" are any bands. */
const WORDS: Record<Role, RegExp> = {
  blue: /^(blue|b|b02)$/i,
  green: /^(green|g|b03)$/i,
  red: /^(red|r|b04)$/i,
  nir: /^(nir(1|[_-]?broad|[_-]?narrow)?|near[ _-]?infrared|b08|b8a)$/i,
  swir1: /^(swir[_-]?(1|16)|b11)$/i,
  swir2: /^(swir[_-]?(2|22)|b12)$/i,
}

const COLORS: Partial<Record<Role, string>> = { red: 'R', green: 'G', blue: 'B' }

/** The band of a role: by the role that the dataset gives, by its wavelength, by its name; null where there is none. */
export function bandFor(role: Role, bands: readonly RasterBand[]): RasterBand | null {
  const [from, to, best] = WAVES[role]
  const color = COLORS[role]
  const told = color === undefined ? undefined : bands.find((band) => band.color === color)
  const waves = bands
    .filter(({ wavelength }) => wavelength !== null && wavelength >= from && wavelength <= to)
    .sort((a, b) => Math.abs((a.wavelength ?? 0) - best) - Math.abs((b.wavelength ?? 0) - best))
  // Names of bands mean something else for every sensor; they count where no wavelength is known.
  const isKnown = bands.some(({ wavelength }) => wavelength !== null)
  const pattern = WORDS[role]
  const named = isKnown
    ? undefined
    : bands.find((band) => pattern.test(bandName(band)) || pattern.test(band.description))
  // A dataset's red may be any band that somebody liked in red; its wavelength says what it is.
  return waves[0] ?? named ?? told ?? null
}

/** Ways to show a layer, of which its bands are there. The first one is how the dataset shows it. */
export function presetsOf(
  layer: Pick<RasterLayer, 'bands' | 'name' | 'rgb'>,
  indices: readonly Index[],
): Preset[] {
  const bands = bandsOf(layer)
  const of = (id: string, label: string, roles: readonly [Role, Role, Role]): Preset[] => {
    const found = roles.map((role) => bandFor(role, bands))
    if (found.some((band) => band === null)) return []
    return [{ id, label, bands: found.flatMap((band) => band?.index ?? []), formula: null }]
  }
  const told = layer.rgb.map((place) => indexOf(layer, place))
  const natural = of('natural', 'Natural', ['red', 'green', 'blue'])
  const chosen =
    told.length === 3 && natural[0]?.bands.join() !== told.join()
      ? [{ id: 'own', label: 'RGB', bands: told, formula: null }]
      : []
  return [
    ...chosen,
    ...natural,
    ...of('false', 'False colour', ['nir', 'red', 'green']),
    ...of('swir', 'SWIR', ['swir2', 'nir', 'red']),
    ...indices
      .filter((each) => each.layer === layer.name)
      .map(({ name, expression }) => ({
        id: name.toLowerCase(),
        label: name,
        bands: [],
        formula: expression,
      })),
  ]
}

/** How a layer opens: as its dataset shows it. */
export function firstDisplay(layer: Pick<RasterLayer, 'bands' | 'role' | 'rgb'>): Display {
  const bands = layer.rgb.map((place) => indexOf(layer, place))
  const palette = layer.role === 'target' ? 'viridis' : 'grey'
  return { bands, formula: null, palette, stretch: USUAL }
}

export function isColor({ formula, bands }: Display): boolean {
  return formula === null && bands.length === 3
}

/** The preset that a display is; null for one of its own. */
export function presetOf(display: Display, presets: readonly Preset[]): Preset | null {
  return (
    presets.find(
      ({ bands, formula }) => formula === display.formula && bands.join() === display.bands.join(),
    ) ?? null
  )
}

/** "natural colour", "B08, B04, B03", "(B08-B04)/(B08+B04)". */
export function titleOf(
  display: Display,
  layer: Pick<RasterLayer, 'bands'>,
  presets: readonly Preset[],
): string {
  const preset = presetOf(display, presets)
  if (preset !== null) return preset.label
  if (display.formula !== null) return display.formula
  return display.bands
    .map((index) => {
      const band = layer.bands.find((each) => each.index === index)
      return band === undefined ? index + 1 : bandName(band)
    })
    .join(', ')
}

/** A formula to begin with: what one writes most with the bands that are there. */
export function firstFormula(layer: Pick<RasterLayer, 'bands'>): string {
  const bands = bandsOf(layer)
  const [nir, red] = [bandFor('nir', bands), bandFor('red', bands)]
  const [a, b] = [nir ?? bands[0], red ?? bands[1] ?? bands[0]].map((band) =>
    nameInExpression(band === undefined ? '' : bandName(band)),
  )
  return `(${a ?? ''} - ${b ?? ''}) / (${a ?? ''} + ${b ?? ''})`
}

/** As the address has it: "rgb.3,2,1!grey!i2-98". */
export function displayText({ bands, formula, palette, stretch }: Display): string {
  const what =
    formula === null
      ? `${bands.length === 3 ? 'rgb' : 'band'}.${bands.join()}`
      : `fx.${encodeURIComponent(formula).replaceAll('!', '%21')}`
  return [what, palette, stretchText(stretch)].join('!')
}

/** The display of a text; null where it cannot be read. */
export function displayIn(text: string): Display | null {
  const [what = '', palette = '', stretch = ''] = text.split('!')
  const parts = /^(rgb|band|fx)\.(.*)$/s.exec(what)
  if (parts === null || !isPalette(palette)) return null
  const [, kind, rest = ''] = parts
  const how = { palette, stretch: stretchIn(stretch) ?? USUAL }
  if (kind === 'fx') {
    const formula = decoded(rest)
    return formula === null || formula === '' ? null : { bands: [], formula, ...how }
  }
  const bands = rest.split(',').map(Number)
  const isRight = bands.length === (kind === 'rgb' ? 3 : 1) && bands.every((band) => isPlace(band))
  return isRight ? { bands, formula: null, ...how } : null
}

function isPlace(band: number): boolean {
  return Number.isSafeInteger(band) && band >= 0 && band < 4096
}

export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
