import { expect, test } from 'vitest'
import { target } from './useRoving'

test('arrows go to the neighbours in rows', () => {
  expect(target('ArrowRight', 0, 10, 4)).toBe(1)
  expect(target('ArrowLeft', 5, 10, 4)).toBe(4)
  expect(target('ArrowDown', 1, 10, 4)).toBe(5)
  expect(target('ArrowUp', 5, 10, 4)).toBe(1)
  expect(target('Home', 5, 10, 4)).toBe(0)
  expect(target('End', 5, 10, 4)).toBe(9)
})

test('the last row is reached where nothing is right below', () => {
  expect(target('ArrowDown', 7, 10, 4)).toBe(9)
})

test('at the edges a key does what it does without us', () => {
  expect(target('ArrowLeft', 0, 10, 4)).toBeNull()
  expect(target('ArrowUp', 3, 10, 4)).toBeNull()
  expect(target('ArrowRight', 9, 10, 4)).toBeNull()
  expect(target('ArrowDown', 9, 10, 4)).toBeNull()
  expect(target('x', 1, 10, 4)).toBeNull()
})
