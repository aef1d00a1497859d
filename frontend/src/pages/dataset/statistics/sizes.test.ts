import { expect, test } from 'vitest'
import { amountsText, medianText, percent, planText, sizesText } from './sizes'
import type { TrainingLayer } from './types'

const LAYER = {
  size: null,
  sizes: { min: [4, 5], median: [6.5, 70], max: [8, 9] },
} as unknown as TrainingLayer

test('one size is that of all pictures', () => {
  expect(sizesText({ min: [640, 480], max: [640, 480] }, 364)).toBe('640 × 480, all 364')
  expect(sizesText({ min: [640, 480], max: [640, 480] }, 1)).toBe('640 × 480, one picture')
  expect(sizesText({ min: [64, 64], max: [3024, 741] }, 2)).toBe('64 × 64 to 3,024 × 741')
})

test('the middle is only told where sizes differ', () => {
  expect(medianText(LAYER)).toBe('6.5 × 70')
  expect(medianText({ ...LAYER, size: [4, 5] })).toBeNull()
  expect(medianText(undefined)).toBeNull()
})

test('amounts have their middle first', () => {
  expect(amountsText({ min: 0, median: 105, max: 338 }, ' px')).toBe('median 105 px, 0 to 338')
  expect(amountsText({ min: 1, median: 1, max: 1 })).toBe('1, all')
  expect(amountsText({ min: 0.25, median: 1234.55, max: 2000 })).toBe('median 1,234.6, 0.3 to 2,000')
})

test('parts are whole percents', () => {
  expect(percent(218, 364)).toBe('60 %')
  expect(percent(1, 3)).toBe('33 %')
  expect(percent(0, 0)).toBe('–')
})

test('the plan of a split is said in words', () => {
  expect(planText({ ratios: [0.6, 0.2, 0.2], seed: 7, by: 'item' })).toBe('item by item, seed 7')
  expect(planText(null)).toBe('')
})
