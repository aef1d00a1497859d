import type { Sample } from './facts'
import type { FormBand, FormSource } from './form'
import { COLORS, number } from './recipe'

/** Where a band of the first date lies in the file. */
export function placeOf(source: Pick<FormSource, 'dates' | 'bandOrder'>, index: number): number {
  return source.bandOrder === 'bands_first' ? index * Math.max(1, source.dates.length) : index
}

/** "0.163 ± 0.081": mean and deviation of a band as it is used, scale and offset applied; empty for nothing known. */
export function sampledText(source: FormSource, band: FormBand, sample: Sample | null): string {
  const found = sample?.bands[placeOf(source, band.index)]
  const [scale, offset] = [number(band.scale), number(band.offset)]
  if (found == null || scale === null || offset === null) return ''
  const [mean, std] = [found.mean * scale + offset, Math.abs(found.std * scale)]
  const digits = digitsOf(Math.max(Math.abs(mean), std))
  return `${figure(mean, digits)} ± ${figure(std, digits)}`
}

/** Three decimals below ten, one below a thousand, none above. */
function digitsOf(size: number): number {
  if (size < 10) return 3
  return size < 1000 ? 1 : 0
}

function figure(value: number, digits: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

/** The bands that are shown as red, green and blue: those of the colours, else the first that is used, in grey. */
export function shownBands(source: FormSource): FormBand[] {
  const used = source.bands.filter((band) => band.used)
  const colored = COLORS.map((color) => used.find((band) => band.color === color))
  const [red, green, blue] = colored
  if (red !== undefined && green !== undefined && blue !== undefined) return [red, green, blue]
  return used.slice(0, 1)
}

/** The pixels of a preview (RGBA); null where a band that is shown was not sampled. */
export function paintedSample(source: FormSource, sample: Sample): Uint8ClampedArray<ArrayBuffer> | null {
  const planes = shownBands(source).map((band) => sample.planes[placeOf(source, band.index)])
  const [first, second = first, third = first] = planes
  if (first === undefined || second === undefined || third === undefined) return null
  if (planes.includes(undefined)) return null
  const pixels = new Uint8ClampedArray(4 * first.length)
  for (let at = 0; at < first.length; at += 1) {
    const values = [first[at] ?? 0, second[at] ?? 0, third[at] ?? 0]
    // What was not measured in any band that is shown stays clear.
    if (values.includes(0)) continue
    pixels.set([...values, 255], 4 * at)
  }
  return pixels
}
