import { expect, test } from 'vitest'
import { axisOf, barsPath, binsFor, placeOn, rebinned } from './histogram'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

test('the axis is what is possible, unless next to nothing of it would be filled', () => {
  const bytes = { low: 40, high: 200, counts: [1] }
  expect(axisOf(bytes, { low: 0, high: 256 })).toEqual({ low: 0, high: 256 })
  const deep = { low: 100, high: 3000, counts: [1] }
  expect(axisOf(deep, { low: 0, high: 65536 })).toEqual({ low: 100, high: 3000 })
  expect(axisOf(deep, null)).toEqual({ low: 100, high: 3000 })
  // Bins of a merged histogram may begin before the smallest possible value.
  expect(axisOf({ low: -8, high: 248, counts: [1] }, { low: 0, high: 256 })).toEqual({ low: -8, high: 256 })
})

test('a constant picture has an axis with a width', () => {
  const { low, high } = axisOf({ low: 5, high: 5, counts: [] }, null)
  expect(high).toBeGreaterThan(low)
})

test('counts are neither lost nor made, whatever the stretches', () => {
  const histogram = { low: 3, high: 259, counts: Array.from({ length: 256 }, (_, n) => (n * 7) % 13) }
  for (const bins of [1, 5, 64, 100, 256]) {
    expect(sum(rebinned(histogram, { low: 0, high: 260 }, bins))).toBeCloseTo(sum(histogram.counts))
  }
})

test('stretches that are made of whole bins hold their sums', () => {
  const histogram = { low: 2, high: 8, counts: [1, 2, 3, 4, 5, 6] }
  expect(rebinned(histogram, { low: 0, high: 8 }, 4)).toEqual([0, 3, 7, 11])
})

test('a bin over two stretches gives each its share', () => {
  expect(rebinned({ low: 0, high: 4, counts: [8] }, { low: 0, high: 4 }, 2)).toEqual([4, 4])
})

test('few values have a bar each', () => {
  expect(binsFor({ low: 0, high: 16, counts: new Array(16).fill(1) }, { low: 0, high: 16 }, 64)).toBe(16)
  expect(binsFor({ low: 0, high: 256, counts: new Array(256).fill(1) }, { low: 0, high: 256 }, 64)).toBe(64)
})

test('the highest bar reaches the top, and logarithms lift the low ones', () => {
  expect(barsPath([0, 10], 100, 50, false)).toBe('M0 50L0 50L50 50L50 0L100 0L100 50Z')
  const low = (log: boolean) => Number(/L0 ([\d.]+)/.exec(barsPath([1, 1000], 10, 100, log))?.[1])
  expect(low(true)).toBeLessThan(low(false))
  expect(barsPath([0, 0], 10, 100, true)).toBe('M0 100L0 100L5 100L5 100L10 100L10 100Z')
})

test('a value outside the axis has no place on it', () => {
  expect(placeOn({ low: 0, high: 4 }, 1)).toBe(0.25)
  expect(placeOn({ low: 0, high: 4 }, 5)).toBeNull()
})
