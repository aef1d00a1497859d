import { LONGEST, nativeHeight, placeOf, scrolled } from './scale'

test('what fits scrolls as it is', () => {
  expect(nativeHeight(1_000_000)).toBe(1_000_000)
  expect(placeOf(1234, 1_000_000, 800)).toEqual({ native: 1234, virtual: 1234 })
  expect(scrolled({ native: 0, virtual: 0 }, 777.5, 1_000_000, 800).virtual).toBe(777.5)
})

const HEIGHT = 3 * LONGEST

test('a step of the wheel is as long as ever', () => {
  const place = placeOf(HEIGHT / 2, HEIGHT, 800)
  expect(scrolled(place, place.native + 100, HEIGHT, 800).virtual).toBeCloseTo(HEIGHT / 2 + 100, 3)
})

test('the scrollbar reaches the middle and both ends', () => {
  const start = { native: 0, virtual: 0 }
  const reach = LONGEST - 800
  expect(scrolled(start, reach / 2, HEIGHT, 800).virtual).toBeCloseTo((HEIGHT - 800) / 2, 0)
  expect(scrolled(start, reach, HEIGHT, 800).virtual).toBe(HEIGHT - 800)
  const near = { native: 60, virtual: 5000 }
  expect(scrolled(near, 0, HEIGHT, 800).virtual).toBe(0)
})

test('a place beyond the ends is at the end', () => {
  expect(placeOf(1e12, HEIGHT, 800)).toEqual({ native: LONGEST - 800, virtual: HEIGHT - 800 })
  expect(placeOf(500, 400, 800)).toEqual({ native: 0, virtual: 0 })
})
