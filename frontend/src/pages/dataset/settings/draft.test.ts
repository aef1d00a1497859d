import { expect, test } from 'vitest'
import { changeOf, draftOf, hasProblem } from './draft'

const SHOW = {
  name: 'blood_cells',
  display_name: 'Blood cells',
  description: 'Smears',
  tags: ['rbc'],
  details: { scanner: 'Leica', pixel_spacing_mm: 0.1 },
}

test('what was only looked at is no change', () => {
  expect(changeOf(draftOf(SHOW), SHOW)).toBeNull()
  const odd = { ...SHOW, details: { b: { x: [1] }, a: null } }
  expect(changeOf(draftOf(odd), odd)).toBeNull()
})

test('only what differs is sent', () => {
  const draft = { ...draftOf(SHOW), description: '', tags: [] }
  expect(changeOf(draft, SHOW)).toEqual({ description: '', tags: [] })
})

test('without a display name the name is shown', () => {
  expect(changeOf({ ...draftOf(SHOW), displayName: '  ' }, SHOW)).toEqual({ display_name: 'blood_cells' })
})

test('details are sent whole', () => {
  const draft = { ...draftOf(SHOW), spacing: { row: '', column: '' } }
  expect(changeOf(draft, SHOW)).toEqual({ details: { scanner: 'Leica' } })
})

test('what cannot be saved is known before it is sent', () => {
  expect(hasProblem(draftOf(SHOW))).toBe(false)
  expect(hasProblem({ ...draftOf(SHOW), spacing: { row: '1', column: '' } })).toBe(true)
  expect(hasProblem({ ...draftOf(SHOW), rows: [{ id: 1, key: '', text: 'x' }] })).toBe(true)
})
