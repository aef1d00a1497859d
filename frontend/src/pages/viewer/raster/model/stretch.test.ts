import { describe, expect, it } from 'vitest'
import type { BandStatistics } from '../../types'
import { opened, percentile, rangeBy, type Stretch, stretchIn, stretchName, stretchText } from './stretch'

const EVEN = {
  ...{ min: 2, max: 98, histogram: { counts: [10, 0, 10, 20], low: 0, high: 100 } },
} as unknown as BandStatistics

describe('a stretch', () => {
  it('by percentiles of a histogram goes through its bins', () => {
    expect(percentile(EVEN, 0)).toBe(2)
    expect(percentile(EVEN, 100)).toBe(98)
    expect(percentile(EVEN, 25)).toBe(25)
    expect(percentile(EVEN, 75)).toBe(87.5)
  })
  it('of pixels leaves out what is not known', () => {
    const values = Float64Array.from({ length: 101 }, (_, index) => index)
    expect(rangeBy(Float64Array.of(...values, NaN, Infinity), 2, 98)).toEqual({ low: 2, high: 98 })
    expect(rangeBy(Float64Array.of(NaN), 2, 98)).toBeNull()
  })
  it('of equal values is a little wide, as the shader divides by it', () => {
    const { low, high } = opened({ low: 7, high: 7 })
    expect(high).toBeGreaterThan(low)
  })
  it('comes back from the address, and nonsense does not', () => {
    const all: Stretch[] = [
      { of: 'item', low: 2, high: 98 },
      { of: 'dataset', low: 0, high: 100 },
      {
        of: 'own',
        ranges: [
          { low: -0.5, high: 1e-7 },
          { low: 0, high: 3000 },
          { low: 1, high: 2 },
        ],
      },
    ]
    for (const each of all) expect(stretchIn(stretchText(each))).toEqual(each)
    for (const text of ['', 'x', 'i98-2', 'i2', 'o1']) expect(stretchIn(text)).toBeNull()
  })
  it('has a name', () => {
    expect(stretchName({ of: 'item', low: 2, high: 98 })).toBe('2–98 %')
    expect(stretchName({ of: 'item', low: 0, high: 100 })).toBe('Min–max')
  })
})
