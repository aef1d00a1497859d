/** How a picture sits in its cell. */

export type Fit = 'cover' | 'contain'

interface Size {
  width: number
  height: number
}

/** More than a third is not cut off: the picture is then shown whole, with bars. */
const MOST_CUT = 1.5
const EXTREME = 4

export function fitOf({ width, height }: Size, aspect: number): Fit {
  const ratio = width / Math.max(1, height) / aspect
  return ratio > MOST_CUT || ratio < 1 / MOST_CUT ? 'contain' : 'cover'
}

/** Whether the shape is such that its size is said in words. */
export function isExtreme({ width, height }: Size): boolean {
  return width > EXTREME * height || height > EXTREME * width
}

/** Width by height of the cells: that of the pictures where all are equal, else a square. */
export function aspectOf(sizes: { min: readonly number[]; max: readonly number[] } | undefined): number {
  const [width = 1, height = 1] = sizes?.min ?? []
  if (sizes === undefined || width !== sizes.max[0] || height !== sizes.max[1]) return 1
  return Math.max(0.8, Math.min(1.5, width / Math.max(1, height)))
}

const SMALL = 160
const LARGE = 512

/** The thumbnail for a cell; the small one may be enlarged by a third before the large one is fetched. */
export function thumbnailSize(cellWidth: number, pixelRatio: number): number {
  return cellWidth * pixelRatio > SMALL * 1.35 ? LARGE : SMALL
}
