import { aspectOf, fitOf, isExtreme, thumbnailSize } from './pictures'

test('a picture is cut by a third at most', () => {
  expect(fitOf({ width: 640, height: 480 }, 1)).toBe('cover')
  expect(fitOf({ width: 512, height: 256 }, 1)).toBe('contain')
  expect(fitOf({ width: 256, height: 512 }, 1)).toBe('contain')
  expect(fitOf({ width: 100_000, height: 212 }, 4 / 3)).toBe('contain')
})

test('extreme shapes are said in words', () => {
  expect(isExtreme({ width: 100_000, height: 212 })).toBe(true)
  expect(isExtreme({ width: 1, height: 5 })).toBe(true)
  expect(isExtreme({ width: 512, height: 256 })).toBe(false)
})

test('cells have the shape of the pictures where all are alike', () => {
  expect(aspectOf({ min: [640, 480], max: [640, 480] })).toBeCloseTo(4 / 3)
  expect(aspectOf({ min: [640, 480], max: [480, 640] })).toBe(1)
  expect(aspectOf({ min: [9000, 10], max: [9000, 10] })).toBe(1.5)
  expect(aspectOf(undefined)).toBe(1)
})

test('large cells and dense screens get large thumbnails', () => {
  expect(thumbnailSize(188, 1)).toBe(160)
  expect(thumbnailSize(188, 2)).toBe(512)
  expect(thumbnailSize(300, 1)).toBe(512)
})
