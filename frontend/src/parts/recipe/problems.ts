import { bandsOfOneDate, type Form, type FormBand, type FormCategory, type FormSource } from './form'
import { number, type Purpose } from './recipe'

/** Why a form cannot be sent, in words beside the field. The server judges by the same rules. */

const LONGEST_NAME = 100
const LONGEST_PATTERN = 200
const IDS = [-(2 ** 31), 2 ** 31 - 1] as const
const SUFFIX_LONGEST = 300

/** What is wrong with a name of a band or a layer; null where it can be used. */
export function nameProblem(name: string, others: readonly string[], what: string): string | null {
  const plain = name.trim()
  if (plain === '') return `A ${what} needs a name.`
  if (/\s/.test(plain)) return 'Leave out blanks.'
  if (/[/\\]/.test(plain)) return 'Leave out slashes.'
  if (plain.length > LONGEST_NAME) return 'A name has 100 letters at most.'
  return others.some((other) => other.trim() === plain) ? 'Another one has this name.' : null
}

export function suffixProblem(source: FormSource, sources: readonly FormSource[]): string | null {
  const plain = source.suffix.trim()
  if (plain === '') return 'Say how its files end, such as _S2.tif.'
  if (plain.length > SUFFIX_LONGEST) return 'A suffix has 300 letters at most.'
  const isTaken = sources.some((each) => each.key !== source.key && each.suffix.trim() === plain)
  return isTaken ? 'Another data source ends in it.' : null
}

export function tagProblem(source: FormSource, sources: readonly FormSource[]): string | null {
  const others = sources.filter((each) => each.key !== source.key).map(({ tag }) => tag)
  return nameProblem(source.tag, others, 'data source')
}

export function bandProblem(band: FormBand, bands: readonly FormBand[]): string | null {
  if (!band.used) return null
  const others = bands.filter((each) => each.used && each.index !== band.index).map(({ name }) => name)
  return nameProblem(band.name, others, 'band')
}

export function scaleProblem(text: string): string | null {
  const scale = number(text)
  if (scale === null) return 'A number, such as 0.0001.'
  return scale === 0 ? 'Zero would make all values equal.' : null
}

export function offsetProblem(text: string): string | null {
  return number(text) === null ? 'A number, such as 0.' : null
}

export function nodataProblem(text: string): string | null {
  const plain = text.trim().toLowerCase()
  if (plain === '' || plain === 'nan' || number(plain) !== null) return null
  return 'A number such as -9999, or nan.'
}

/** Dates that cannot be read, or that do not divide the bands of a file. */
export function datesProblem(source: FormSource, inFile: number | null): string | null {
  const wrong = source.dates.find((date) => !isDate(date))
  if (wrong !== undefined) return `“${wrong.slice(0, 40)}” is no date like 2016-07-30.`
  if (inFile === null || source.dates.length === 0) return null
  if (bandsOfOneDate(inFile, source.dates.length) !== null) return null
  return `${inFile} bands of a file cannot be shared out among ${source.dates.length} dates.`
}

export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export function sceneProblem(pattern: string): string | null {
  const plain = pattern.trim()
  if (plain === '') return null
  if (plain.length > LONGEST_PATTERN) return 'A pattern has 200 letters at most.'
  try {
    new RegExp(plain)
  } catch {
    // Python has patterns that browsers have not, such as (?P<name>…).
    if (!plain.includes('(?P')) return 'This is no regular expression.'
  }
  return /(^|[^\\])\((?!\?)|\(\?P?</.test(plain)
    ? null
    : 'Put the part that names the scene into parentheses.'
}

export interface CategoryProblems {
  id: string | null
  name: string | null
  opacity: string | null
  weight: string | null
}

export function categoryProblems(
  category: FormCategory,
  categories: readonly FormCategory[],
): CategoryProblems {
  const opacity = number(category.opacity)
  const weight = number(category.weight)
  return {
    id: idProblem(category, categories),
    name: category.name.trim() === '' ? 'A label needs a name.' : null,
    opacity: opacity === null || opacity < 0 || opacity > 1 ? 'From 0 to 1.' : null,
    weight:
      category.weight.trim() !== '' && (weight === null || weight < 0)
        ? 'A number from 0 on, or nothing.'
        : null,
  }
}

function idProblem(category: FormCategory, categories: readonly FormCategory[]): string | null {
  const id = number(category.id)
  if (id === null || !Number.isInteger(id) || id < IDS[0] || id > IDS[1]) {
    return 'A whole number; below zero is fine.'
  }
  const isTaken = categories.some((each) => each.key !== category.key && number(each.id) === id)
  return isTaken ? 'Another label has this ID.' : null
}

/** Whether masks of classes are expected, so that labels have a step of their own. */
export function hasCategories(purpose: Purpose): boolean {
  return purpose === 'Segmentation' || purpose === 'Classification' || purpose === 'Detection'
}

/** What labels are expected to be, in a sentence. */
export const PURPOSE_LABELS: Record<Purpose, string> = {
  Segmentation: 'A mask for each chip: its pixels are classes.',
  Regression: 'A raster for each chip: its pixels are the values to learn.',
  Classification: 'A class for each chip, from a table or from folders.',
  Detection: 'Boxes or polygons on each chip.',
  Generation: 'A raster for each chip that is to be made from it.',
  Other: 'Labels are kept as they are; none are needed.',
}

/** The first thing that keeps the data sources from being used, as a sentence; null when all is well. */
export function sourcesProblem(
  form: Form,
  bandsInFile: (source: FormSource) => number | null,
): string | null {
  if (form.sources.length === 0) return 'A dataset needs a data source.'
  for (const source of form.sources) {
    const found =
      suffixProblem(source, form.sources) ??
      tagProblem(source, form.sources) ??
      nodataProblem(source.nodata) ??
      datesProblem(source, bandsInFile(source)) ??
      bandsProblem(source)
    if (found !== null) return `${source.tag || source.suffix || 'A data source'}: ${found}`
  }
  return sceneProblem(form.scene)
}

function bandsProblem({ bands }: FormSource): string | null {
  const used = bands.filter((band) => band.used)
  if (used.length === 0) return 'It needs a band that is used.'
  for (const band of used) {
    const found = bandProblem(band, bands) ?? scaleProblem(band.scale) ?? offsetProblem(band.offset)
    if (found !== null) return `band ${band.index + 1}: ${found}`
  }
  return null
}

/** The first thing that keeps the labels from being used; null when all is well. */
export function categoriesProblem({ categories }: Form): string | null {
  for (const category of categories) {
    const { id, name, opacity, weight } = categoryProblems(category, categories)
    const found = id ?? name ?? opacity ?? weight
    if (found !== null) return `Label ${category.id || category.name || 'without ID'}: ${found}`
  }
  return null
}
