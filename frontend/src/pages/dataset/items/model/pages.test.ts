import { pageOf, pagesOf, stepFor } from './pages'

test('an item is in the page that its milestone begins', () => {
  expect([0, 49, 50, 9_999].map((index) => pageOf(index, 50))).toEqual([0, 0, 1, 199])
})

test('a stretch takes the pages that it touches', () => {
  expect(pagesOf(30, 79, 50)).toEqual([0, 1])
  expect(pagesOf(50, 99, 50)).toEqual([1])
  expect(pagesOf(-12, 10, 50)).toEqual([0])
})

test('the list of milestones stays short', () => {
  for (const total of [10, 100_000, 1_000_000, 5_000_000]) {
    expect(total / stepFor(total)).toBeLessThanOrEqual(10_000)
  }
  expect(stepFor(10_000)).toBe(50)
})
