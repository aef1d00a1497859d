import { eachStretch, type Mask } from '@/parts/masks'

/** A mask with the colour that it is drawn in. */
export interface Tint {
  mask: Mask
  /** #rrggbb */
  color: string
  /** 0 to 1 */
  opacity: number
  pixels: number
}

export interface Raster {
  width: number
  height: number
  /** Red, green, blue and alpha of each pixel, rows from the top. */
  rgba: Uint8ClampedArray<ArrayBuffer>
}

const FILL_OPACITY = 0.45
/** A raster of 64 MB; of larger pictures every second pixel, or fewer, is drawn. */
const MOST_PIXELS = 16e6

/** Masks over each other as one raster; null where nothing is seen. */
export function rasterOf(tints: readonly Tint[], size: { width: number; height: number }): Raster | null {
  const seen = tints.filter(({ opacity }) => opacity > 0)
  if (seen.length === 0) return null
  const step = Math.ceil(Math.sqrt((size.width * size.height) / MOST_PIXELS)) || 1
  const [width, height] = [Math.ceil(size.width / step), Math.ceil(size.height / step)]
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (const { mask, color, opacity } of seen) {
    const value = Number.parseInt(color.slice(1), 16)
    const paint = [value >> 16, (value >> 8) & 255, value & 255] as const
    eachStretch(mask, (x, y, length) => {
      if (x % step !== 0) return
      const last = Math.floor((y + length - 1) / step)
      for (let row = Math.ceil(y / step); row <= last; row += 1) {
        lay(rgba, (row * width + x / step) * 4, paint, FILL_OPACITY * opacity)
      }
    })
  }
  return { width, height, rgba }
}

/** A colour over what is there already. */
function lay(rgba: Uint8ClampedArray, at: number, paint: readonly [number, number, number], alpha: number) {
  const below = ((rgba[at + 3] ?? 0) / 255) * (1 - alpha)
  const both = alpha + below
  for (let band = 0; band < 3; band += 1) {
    rgba[at + band] = ((paint[band] ?? 0) * alpha + (rgba[at + band] ?? 0) * below) / both
  }
  rgba[at + 3] = both * 255
}

/** A raster as a canvas, to be drawn at any size. */
export function canvasOf({ width, height, rgba }: Raster): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
  return canvas
}
