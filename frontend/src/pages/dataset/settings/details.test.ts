import { expect, test } from 'vitest'
import { detailsOf, NO_SPACING, type Row, rowProblem, rowsOf, spacingOf, spacingProblem } from './details'

const DETAILS = {
  scanner: 'Leica "DM"',
  kilovolts: 120,
  wards: ['a', 'b'],
  anonymized: true,
  pixel_spacing_mm: [0.25, 0.5],
}

test('what nobody touches comes back as it was', () => {
  expect(detailsOf(rowsOf(DETAILS), spacingOf(DETAILS))).toEqual(DETAILS)
  expect(detailsOf(rowsOf({}), spacingOf({}))).toEqual({})
})

test('a number that is edited stays a number where it can, and other values become text', () => {
  const edited = rowsOf(DETAILS).map((row) => ({
    ...row,
    text: row.key === 'kilovolts' ? '140' : `${row.text}!`,
  }))
  expect(detailsOf(edited, NO_SPACING)).toEqual({
    scanner: 'Leica "DM"!',
    kilovolts: 140,
    wards: '["a","b"]!',
    anonymized: 'true!',
  })
  expect(detailsOf([{ id: 0, key: 'n', text: 'many', original: { value: 4 } }], NO_SPACING)).toEqual({
    n: 'many',
  })
})

test('a new row is text, also when it looks like a number', () => {
  expect(detailsOf([{ id: 9, key: ' ward ', text: '007' }], NO_SPACING)).toEqual({ ward: '007' })
})

test('the pixel size is one number or row and column', () => {
  expect(spacingOf({ pixel_spacing_mm: 0.3 })).toEqual({ row: '0.3', column: '0.3' })
  expect(detailsOf([], { row: '0.3', column: '0.30' })).toEqual({ pixel_spacing_mm: 0.3 })
  expect(detailsOf([], { row: '0.3', column: '0.4' })).toEqual({ pixel_spacing_mm: [0.3, 0.4] })
  expect(spacingOf({ pixel_spacing_mm: 'wide' })).toEqual(NO_SPACING)
})

test('a pixel has a size in both directions, or in none', () => {
  expect(spacingProblem(NO_SPACING)).toBeNull()
  expect(spacingProblem({ row: '0.1', column: '0.1' })).toBeNull()
  expect(spacingProblem({ row: '0.1', column: '' })).toBe('Give both, or neither.')
  expect(spacingProblem({ row: '0', column: '1' })).toBe('Both must be larger than 0.')
  expect(spacingProblem({ row: 'x', column: '1' })).toBe('Both must be larger than 0.')
})

test('rows need a name, and each its own', () => {
  const rows: Row[] = [
    { id: 0, key: 'a', text: '1' },
    { id: 1, key: ' a', text: '2' },
    { id: 2, key: '', text: '' },
    { id: 3, key: ' ', text: 'x' },
    { id: 4, key: 'pixel_spacing_mm', text: '1' },
  ]
  expect(rows.map((row) => rowProblem(row, rows))).toEqual([
    'The name is there twice.',
    'The name is there twice.',
    null,
    'It needs a name.',
    'That is the pixel size above.',
  ])
})
