/** From which value to which a band goes from dark to bright. All are pure. */

import type { BandStatistics } from '../../types'
import type { Range } from '../../model/windowing'

/** Percentiles of the chip or of the dataset, or numbers of one's own for each band. */
export type Stretch =
  { of: 'item' | 'dataset'; low: number; high: number } | { of: 'own'; ranges: readonly Range[] }

export const USUAL: Stretch = { of: 'item', low: 2, high: 98 }

/** Percentiles to choose from, of the chip and of the dataset. */
export const CHOICES: readonly (readonly [number, number])[] = [
  [2, 98],
  [1, 99],
  [5, 95],
  [0, 100],
]

export function stretchName(stretch: Stretch): string {
  if (stretch.of === 'own') return 'Own numbers'
  const { low, high } = stretch
  return low === 0 && high === 100 ? 'Min–max' : `${low}–${high} %`
}

/** The value below which a share of a band's values lies, from 0 to 100. */
export function percentile(statistics: BandStatistics, share: number): number {
  const { counts, low, high } = statistics.histogram
  if (share <= 0) return statistics.min
  if (share >= 100) return statistics.max
  const total = counts.reduce((sum, count) => sum + count, 0)
  const wanted = (total * share) / 100
  let seen = 0
  for (const [index, count] of counts.entries()) {
    if (count > 0 && seen + count >= wanted) {
      const value = low + ((index + (wanted - seen) / count) * (high - low)) / counts.length
      return Math.max(statistics.min, Math.min(statistics.max, value))
    }
    seen += count
  }
  return statistics.max
}

/** The range of values by percentiles; a little wide where all values are equal, since the shader divides by it. */
export function rangeBy(values: Float64Array, low: number, high: number): Range | null {
  const known = values.filter((value) => Number.isFinite(value)).sort()
  if (known.length === 0) return null
  const at = (share: number) => known[Math.round((share / 100) * (known.length - 1))] ?? 0
  return opened({ low: at(low), high: at(high) })
}

/** A range whose width is not nothing. */
export function opened({ low, high }: Range): Range {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: 0, high: 1 }
  const least = Math.max(1e-9, Math.abs(low) * 1e-6)
  return { low, high: Math.max(high, low + least) }
}

/** "i2-98", "d2-98", "o0_1,0.5_3". */
export function stretchText(stretch: Stretch): string {
  if (stretch.of !== 'own') return `${stretch.of === 'item' ? 'i' : 'd'}${stretch.low}-${stretch.high}`
  const short = (value: number) => String(Number(value.toPrecision(7)))
  return `o${stretch.ranges.map(({ low, high }) => `${short(low)}_${short(high)}`).join()}`
}

export function stretchIn(text: string): Stretch | null {
  const shares = /^([id])(\d{1,3}(?:\.\d+)?)-(\d{1,3}(?:\.\d+)?)$/.exec(text)
  if (shares !== null) {
    const [low, high] = [Number(shares[2]), Number(shares[3])]
    return low < high && high <= 100 ? { of: shares[1] === 'i' ? 'item' : 'dataset', low, high } : null
  }
  if (!text.startsWith('o') || text.length > 400) return null
  const ranges = text
    .slice(1)
    .split(',')
    .map((pair) => pair.split('_').map((each) => (each === '' ? NaN : Number(each))))
  const isRight = ranges.every((pair) => pair.length === 2 && pair.every((each) => Number.isFinite(each)))
  return isRight ? { of: 'own', ranges: ranges.map(([low = 0, high = 1]) => opened({ low, high })) } : null
}
