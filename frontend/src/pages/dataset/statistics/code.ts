import type { Convention, Training, TrainingLayer, Weights } from './types'

/** The training parameters as text to copy. All of it is valid Python, JSON or YAML, whatever people call things. */

export interface Asked {
  /** The dataset's name, and what people call it. */
  name: string
  displayName: string
  /** "chip" and "chips". */
  items: readonly [one: string, many: string]
  version: number
  training: Training
  layer: string
  /** The annotation set whose weights are shown; null for none. */
  set: string | null
  convention: Convention
  /** Values from 0 to 1 where they can be, else those of the files. */
  scaled: boolean
}

export function pythonText(asked: Asked): string {
  const { training, version, name } = asked
  const layer = training.layers[asked.layer]
  const items = `${training.items} ${asked.items[training.items === 1 ? 0 : 1]}`
  const title = `# ${oneLine(asked.displayName)}, version ${version}`
  const part = `train part: ${items}`
  return [
    ...(title.length + part.length > LINE ? [title, `# ${part}`] : [`${title}, ${part}`]),
    ...(layer === undefined ? [] : moments(layer, asked.scaled)),
    ...(asked.set === null ? [] : weightLines(training.sets[asked.set]?.weights[asked.convention] ?? {})),
    '# the same, and more, from Python:',
    'import triptych',
    `p = triptych.load(${quoted(`${name}@${version}`)}).training()`,
  ].join('\n')
}

function moments(layer: TrainingLayer, scaled: boolean): string[] {
  const numbers = (scaled ? layer.scaled : null) ?? layer.native
  const bands = layer.bands.join(', ')
  const list = (values: (number | null)[]) => `[${values.map(written).join(', ')}]`
  const means = `mean = ${list(numbers.mean)}`
  const isUsual = bands === 'red, green, blue'
  const isLong = means.length + bands.length + 4 > LONGEST
  return [
    ...(isUsual || !isLong ? [] : [`# ${oneLine(bands)}`]),
    isUsual || isLong ? means : `${means}  # ${oneLine(bands)}`,
    `std  = ${list(numbers.std)}`,
  ]
}

function weightLines(weights: Weights): string[] {
  const lines = Object.entries(weights).map(
    ([name, weight]) =>
      `    ${quoted(name)}: ${written(weight)},${weight === null ? '  # not in the train part' : ''}`,
  )
  return ['class_weights = {', ...lines, '}']
}

/** Characters that fit beside the charts. */
const LINE = 54
/** A line of numbers may be as long as this with the names of its bands behind. */
const LONGEST = 88
const DIGITS = 4

/** Four decimals, or four digits where that is more. */
export function written(value: number | null): string {
  if (value === null) return 'None'
  if (value === 0 || Math.abs(value) >= 0.1) return value.toFixed(DIGITS)
  return plainExponent(value.toPrecision(DIGITS))
}

/** A text in quotes that Python, JSON and YAML read alike. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, escaped)
}

// What readers of YAML take for the end of a line or refuse, though JSON allows it.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A name inside a comment: nothing in it may end the line. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}

/** JSON of any document, with lists of plain values in one line. */
export function jsonText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.map((each) => jsonText(each)).join(', ')}]`
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const lines = Object.entries(value).map(([key, each]) => `${inner}${quoted(key)}: ${jsonText(each, inner)}`)
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`
}

/** YAML of any document, read the same by YAML 1.1 and 1.2. */
export function yamlText(value: unknown, indent = ''): string {
  const lines = Object.entries(value as Record<string, unknown>).map(([key, each]) => {
    const begin = `${indent}${yamlKey(key)}:`
    const isTree = typeof each === 'object' && each !== null && !Array.isArray(each)
    if (!isTree) return `${begin} ${yamlScalar(each)}`
    return Object.keys(each).length === 0 ? `${begin} {}` : `${begin}\n${yamlText(each, `${indent}  `)}`
  })
  return lines.join('\n')
}

const PLAIN_KEY = /^[a-z][a-z0-9_]*$/
// YAML 1.1 takes these for truth and nothing.
const WORDS_OF_YAML = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null'])

function yamlKey(key: string): string {
  return PLAIN_KEY.test(key) && !WORDS_OF_YAML.has(key) ? key : quoted(key)
}

function yamlScalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlScalar).join(', ')}]`
  if (typeof value === 'number') return plainExponent(String(value))
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** 1e-7 as 1.0e-7: without the point, YAML 1.1 reads a text. */
function plainExponent(text: string): string {
  return text.replace(/^(-?\d+)e/, '$1.0e')
}
