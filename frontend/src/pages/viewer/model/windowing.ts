/** How values become gray: windows, presets, and what the shader computes. All are pure. */

export interface Range {
  low: number
  high: number
}

/** What a person chose: a preset by its name, or a range of their own. */
export type WindowChoice = string | Range

/** A window as radiology writes it. */
export interface Told {
  width: number
  level: number
}

export interface Preset extends Range {
  id: string
  label: string
  /** As its file writes it, where that is not its ends. */
  told?: Told
}

export interface Tone {
  invert: boolean
  /** −100 to 100 */
  brightness: number
  /** −100 to 100 */
  contrast: number
}

/** What the shader gets: shown = clamp((value − low) × gain + shift), in 0 to 1. */
export interface Shading {
  low: number
  gain: number
  shift: number
}

export const AUTOMATIC = 'auto'
export const FULL = 'full'

/** From samples, as tiles have them, to values, as everything else is told. */
export interface Rescale {
  slope: number
  intercept: number
}

export const HOUNSFIELD = 'HU'

/** In Hounsfield units, as radiology has them: name, width, level. */
const CT: readonly (readonly [string, string, number, number])[] = [
  ['brain', 'Brain', 80, 40],
  ['subdural', 'Subdural', 200, 75],
  ['bone', 'Bone', 2500, 480],
  ['lung', 'Lung', 1500, -600],
  ['abdomen', 'Abdomen', 400, 50],
  ['mediastinum', 'Mediastinum', 350, 50],
  ['liver', 'Liver', 150, 60],
]

export interface WindowSource {
  /** Of the values. */
  dtype: string
  /** Of the values: "HU", or "". */
  unit: string
  windows: readonly (Range & { name: string; width: number; center: number })[]
  automatic: Range
  full: Range
}

/** Whether the values are integers. */
export function isWhole(dtype: string): boolean {
  return !dtype.startsWith('float')
}

/** The type of values that come from samples of a type. */
export function valueType(dtype: string, { slope, intercept }: Rescale): string {
  if (slope === 1 && intercept === 0) return dtype
  return isWhole(dtype) && Number.isInteger(slope) && Number.isInteger(intercept) ? 'int32' : 'float64'
}

/** The samples between which the values of a range lie; the other way round where the slope falls. */
export function samplesOf({ low, high }: Range, { slope, intercept }: Rescale): Range {
  return { low: (low - intercept) / slope, high: (high - intercept) / slope }
}

/** Every preset of a picture, in the order of their keys. Windows of tomography mean something in its unit alone. */
export function presetsOf(source: WindowSource): Preset[] {
  const named = source.windows.map((each, index) => ({
    id: `file${index + 1}`,
    label: each.name || (source.windows.length > 1 ? `From file ${index + 1}` : 'From file'),
    ...widened(each, source.dtype),
    told: { width: each.width, level: each.center },
  }))
  const tomography =
    source.unit === HOUNSFIELD
      ? CT.map(([id, label, width, level]) => ({ id, label, ...fromWidthAndLevel(width, level) }))
      : []
  return [
    ...named,
    ...tomography,
    { id: AUTOMATIC, label: 'Auto 1–99 %', ...widened(source.automatic, source.dtype) },
    { id: FULL, label: 'Full', ...widened(source.full, source.dtype) },
  ]
}

/** The preset that a picture opens with: the file's; what 8 bits hold as it is; else by percentiles. */
export function firstPreset(source: WindowSource): string {
  if (source.windows.length > 0) return 'file1'
  return source.dtype === 'uint8' || source.dtype === 'bool' ? FULL : AUTOMATIC
}

/** The range of a choice; of a preset that this picture has not, the first one's. */
export function rangeOf(choice: WindowChoice | null, source: WindowSource): Range {
  if (choice !== null && typeof choice !== 'string') return widened(choice, source.dtype)
  const presets = presetsOf(source)
  const wanted = presets.find((each) => each.id === choice)
  const range = wanted ?? presets.find((each) => each.id === firstPreset(source))
  return range === undefined ? { low: 0, high: 1 } : { low: range.low, high: range.high }
}

/** A range whose width is not nothing, since the shader divides by it. */
export function widened({ low, high }: Range, dtype: string): Range {
  const least = isWhole(dtype) ? 1 : Math.max(1e-6, Math.abs(low) * 1e-6)
  return { low, high: Math.max(high, low + least) }
}

export function widthOf({ low, high }: Range): number {
  return high - low
}

export function levelOf({ low, high }: Range): number {
  return (low + high) / 2
}

/** Width and level of a range: as the file writes them for a window of its own, which ends one step before. */
export function toldOf(range: Range, presets: readonly Preset[]): Told {
  const own = presets.find((each) => each.told && each.low === range.low && each.high === range.high)
  return own?.told ?? { width: widthOf(range), level: levelOf(range) }
}

export function fromWidthAndLevel(width: number, level: number): Range {
  return { low: level - width / 2, high: level + width / 2 }
}

/** The window after a drag: to the right wider, downwards a higher level; `span` is what 500 px stand for. */
export function dragged(range: Range, right: number, down: number, span: number, dtype: string): Range {
  const perPixel = span / 500
  const least = isWhole(dtype) ? 1 : span * 1e-4
  const width = Math.max(least, widthOf(range) + right * perPixel)
  return fromWidthAndLevel(width, levelOf(range) + down * perPixel)
}

/** What the shader needs; `unit` is what one stands for in a texture (255 for bytes, else 1). */
export function shadingOf(range: Range, tone: Tone, unit: number): Shading {
  const contrast = tone.contrast / 100
  const slope = contrast < 0 ? 1 + contrast : 1 / Math.max(0.004, 1 - contrast)
  const shift = 0.5 - 0.5 * slope + tone.brightness / 100
  const gain = (slope * unit) / (range.high - range.low)
  const low = range.low / unit
  return tone.invert ? { low, gain: -gain, shift: 1 - shift } : { low, gain, shift }
}

/** The gray, 0 to 255, that the shader gives to a value of a texture. */
export function shaded(value: number, { low, gain, shift }: Shading): number {
  return Math.round(255 * Math.min(1, Math.max(0, (value - low) * gain + shift)))
}

/** Heights of a histogram's bars, 0 to 1, by the logarithm of the counts. */
export function barsOf(counts: readonly number[]): number[] {
  const most = Math.log1p(Math.max(0, ...counts))
  return counts.map((count) => (most === 0 ? 0 : Math.log1p(count) / most))
}

const MINUS = '\u2212'

/** A value as text: whole numbers as they are, others with what matters of them. */
export function valueText(value: number, dtype = 'uint8'): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? '∞' : `${MINUS}∞`
  const digits = isWhole(dtype) && Number.isInteger(value) ? 0 : digitsOf(value)
  const text = Math.abs(value).toFixed(digits)
  const trimmed = digits === 0 ? text : text.replace(/\.?0+$/, '')
  return value < 0 && Number(trimmed) !== 0 ? `${MINUS}${trimmed}` : trimmed
}

function digitsOf(value: number): number {
  const size = Math.abs(value)
  if (size >= 100) return 1
  return size === 0 ? 0 : Math.min(8, 3 - Math.floor(Math.log10(size)))
}
