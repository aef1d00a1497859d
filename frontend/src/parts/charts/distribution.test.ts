import { expect, test } from 'vitest'
import {
  byFrequency,
  type ClassSpread,
  imbalance,
  missingIn,
  nounOf,
  totalLabels,
  unsplit,
  wholeOf,
} from './distribution'

function spread(name: string, train: number, validation: number, test: number, extra = 0): ClassSpread {
  const labels = train + validation + test + extra
  return { id: 0, name, color: '#000000', labels, items: labels, train, validation, test }
}

const CELLS = [spread('WBC', 221, 73, 78), spread('RBC', 2472, 846, 837), spread('Platelets', 214, 73, 74)]

test('classes come by how often they occur', () => {
  expect(byFrequency(CELLS).map((each) => each.name)).toEqual(['RBC', 'WBC', 'Platelets'])
  expect(totalLabels(CELLS)).toBe(4888)
})

test('a class that is ten times as frequent as another is said, in whole times', () => {
  expect(imbalance(CELLS)).toEqual({ most: 'RBC', least: 'Platelets', times: 11 })
  expect(imbalance([spread('a', 10, 0, 0), spread('b', 1, 0, 0)])?.times).toBe(10)
  expect(imbalance([spread('a', 99, 0, 0), spread('b', 10, 0, 0)])).toBeNull()
})

test('classes that do not occur are no imbalance, and neither is nothing', () => {
  expect(imbalance([spread('a', 99, 0, 0), spread('b', 0, 0, 0)])).toBeNull()
  expect(imbalance([])).toBeNull()
})

test('parts without a class that occurs are named', () => {
  const classes = [spread('a', 3, 0, 1), spread('b', 3, 1, 1), spread('never', 0, 0, 0)]
  expect(missingIn(classes)).toEqual([{ part: 'validation', names: ['a'] }])
})

test('shares are of all labels, or of the covered pictures where one may have several classes', () => {
  const set = { set: 's', items: 400, classes: CELLS }
  expect(wholeOf({ ...set, task: 'detection' })).toBe(4888)
  expect(wholeOf({ ...set, task: 'multi_label' })).toBe(400)
})

test('labels outside the split are the rest', () => {
  expect(unsplit(spread('a', 1, 2, 3, 4))).toBe(4)
})

test('labels are counted in the words of the task', () => {
  expect(nounOf('detection').many).toBe('boxes')
  expect(nounOf('single_label').one).toBe('picture')
})
