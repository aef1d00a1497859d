import { maskOf } from '@/parts/masks'
import { rasterOf, type Tint } from './maskRaster'

// 2 × 2: the second pixel of the first column and the first of the second.
const DIAGONAL = maskOf({ size: [2, 2], counts: '121' })
const ALL = maskOf({ size: [2, 2], counts: '04' })
const tint = (mask: typeof ALL, color: string, opacity = 1): Tint => {
  if (mask === null) throw new Error('The mask of this test is none.')
  return { mask, color, opacity, pixels: 0 }
}
const at = (raster: ReturnType<typeof rasterOf>, pixel: number) => [
  ...(raster?.rgba.slice(4 * pixel, 4 * pixel + 4) ?? []),
]

test('a mask colours its pixels and no other, rows from the top', () => {
  const raster = rasterOf([tint(DIAGONAL, '#ff8000')], { width: 2, height: 2 })
  expect([0, 1, 2, 3].map((pixel) => at(raster, pixel)[3])).toEqual([0, 115, 115, 0])
  expect(at(raster, 1)).toEqual([255, 128, 0, 115])
})

test('a mask over another lets it through', () => {
  const raster = rasterOf([tint(ALL, '#ff0000'), tint(DIAGONAL, '#0000ff')], { width: 2, height: 2 })
  expect(at(raster, 0)).toEqual([255, 0, 0, 115])
  const [red = 0, , blue = 0, alpha = 0] = at(raster, 1)
  expect(blue).toBeGreaterThan(red)
  expect(red).toBeGreaterThan(0)
  expect(alpha).toBeGreaterThan(115)
})

test('what is not seen is not drawn', () => {
  expect(rasterOf([], { width: 2, height: 2 })).toBeNull()
  expect(rasterOf([tint(ALL, '#ff0000', 0)], { width: 2, height: 2 })).toBeNull()
})

test('a raster stays small for a picture of any size', () => {
  const mask = maskOf({ size: [1, 17_000_000], counts: '0PbiV`0' })
  const raster = rasterOf([tint(mask ?? ALL, '#ff0000')], { width: 17_000_000, height: 1 })
  expect((raster?.width ?? 0) * (raster?.height ?? 0)).toBeLessThanOrEqual(16_000_000)
  expect(raster?.width).toBe(8_500_000)
})
