import { expect, test } from 'vitest'
import { isByRecipe, isWhole, measured, numbersOf, possibleOf, scaleText, writer } from './channels'
import type { Band, TrainingLayer } from './types'

const native = {
  n: [4, 4],
  mean: [127.5, 51],
  std: [25.5, 5.1],
  min: [0, 1],
  max: [255, 200],
  invalid: [0, 0],
  percentiles: { '1': [1, 2], '25': [3, 4], '50': [5, 6], '75': [7, 8], '99': [9, 10] },
  exact: true,
}
const BYTES: TrainingLayer = {
  bands: ['red', 'green'],
  native,
  scaled: { ...native, range: [0, 255], mean: [0.5, 0.2], std: [0.1, 0.02] },
  bit_depth: 8,
  bit_depths: [8],
  dtypes: ['uint8'],
  size: [4, 4],
  sizes: { min: [4, 4], median: [4, 4], max: [4, 4] },
}
const MIXED: TrainingLayer = { ...BYTES, scaled: null, bit_depth: null, bit_depths: [8, 16] }
const GREEN: Band = {
  name: 'green',
  n: 9,
  mean: 60,
  std: 6,
  min: 0,
  max: 255,
  invalid: 0,
  percentiles: { '50': 61, exact: true },
}

test('numbers are those of the train part, in the scale that is asked for', () => {
  expect(numbersOf(GREEN, BYTES, true)).toMatchObject({ mean: 0.2, std: 0.02 })
  const raw = numbersOf(GREEN, BYTES, false)
  expect(raw).toMatchObject({ mean: 51, std: 5.1, min: 1, max: 200 })
  expect(raw.percentiles).toEqual([
    ['1', 2],
    ['25', 4],
    ['50', 6],
    ['75', 8],
    ['99', 10],
  ])
})

test('without a train part they are those of all', () => {
  expect(numbersOf(GREEN, undefined, true)).toMatchObject({ mean: 60, std: 6 })
  expect(numbersOf({ ...GREEN, name: 'alpha' }, BYTES, true).mean).toBe(60)
})

test('pictures of several depths have no common scale', () => {
  expect(numbersOf(GREEN, MIXED, true).mean).toBe(51)
  expect(possibleOf(MIXED)).toBeNull()
  expect(scaleText(MIXED, true)).toBe(
    'Pictures of 8 and 16 bits have no common scale: values are those of the files.',
  )
})

test('the axis of bytes ends behind 255, and is written from 0 to 1 or as it is', () => {
  expect(possibleOf(BYTES)).toEqual({ low: 0, high: 256 })
  expect(isWhole({ ...BYTES, dtypes: ['float32'] })).toBe(false)
  expect([0, 51, 255].map(writer(BYTES, true, 'red'))).toEqual(['0', '0.2', '1'])
  expect([0, 51, 65535].map(writer(BYTES, false, 'red'))).toEqual(['0', '51', '65,535'])
})

test('what the values mean is said', () => {
  expect(scaleText(BYTES, true)).toBe('Values 0 to 1: those of the files, 8 bits, divided by 255.')
  expect(scaleText(BYTES, false)).toBe('Values are those of the files: 8 bits, 0 to 255.')
})

test('means have as many digits as their scale bears', () => {
  expect([
    measured(0.73781, true),
    measured(0.00012, true),
    measured(188.1428, false),
    measured(null, true),
  ]).toEqual(['0.7378', '0.00012', '188.14', '–'])
})

test('values of a recipe are scale × sample + offset, of each band its own', () => {
  const layer: TrainingLayer = {
    ...BYTES,
    bands: ['B02', 'B03'],
    scaled: { ...native, range: null, scale: [0.0001, 0.5], offset: [0, -1], mean: [0.1, 4], std: [0.01, 1] },
  }
  expect(isByRecipe(layer)).toBe(true)
  expect(isByRecipe(BYTES)).toBe(false)
  expect([0, 10_000].map(writer(layer, true, 'B02'))).toEqual(['0', '1'])
  expect([0, 10].map(writer(layer, true, 'B03'))).toEqual(['-1', '4'])
  expect([0, 10_000].map(writer(layer, false, 'B02'))).toEqual(['0', '10,000'])
  expect(possibleOf(layer)).toBeNull()
  expect(scaleText(layer, true, 'chips')).toContain('scale × sample + offset')
  expect(scaleText({ ...MIXED }, true, 'chips')).toContain('Chips of 8 and 16 bits')
})
