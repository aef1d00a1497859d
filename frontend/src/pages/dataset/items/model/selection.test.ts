import { EVERYTHING, flipped, has, NOTHING, sizeOf, withKeys } from './selection'

test('an item goes in and out', () => {
  const one = flipped(NOTHING, 'a')
  expect([has(one, 'a'), has(one, 'b'), sizeOf(one, 100)]).toEqual([true, false, 1])
  expect(sizeOf(flipped(one, 'a'), 100)).toBe(0)
})

test('all but one', () => {
  const most = flipped(EVERYTHING, 'a')
  expect([has(most, 'a'), has(most, 'z'), sizeOf(most, 1_000_000)]).toEqual([false, true, 999_999])
  expect(sizeOf(flipped(most, 'a'), 100)).toBe(100)
})

test('a range joins what is selected', () => {
  expect(sizeOf(withKeys(flipped(NOTHING, 'a'), ['a', 'b', 'c']), 100)).toBe(3)
  expect(has(withKeys(flipped(EVERYTHING, 'a'), ['a']), 'a')).toBe(true)
})

test('a selection is never changed in place', () => {
  const before = flipped(NOTHING, 'a')
  flipped(before, 'b')
  withKeys(before, ['c'])
  expect(sizeOf(before, 9)).toBe(1)
  expect(sizeOf(NOTHING, 9)).toBe(0)
})
