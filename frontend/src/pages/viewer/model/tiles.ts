/** Tiles as the server sends them: raw values in native depth, told apart by their headers. */

/** A tile's values, band after band, rows from the top. */
export interface RawTile {
  data: Values
  dtype: string
  bands: number
  width: number
  height: number
}

export type Values =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

/** Bands that one texture holds. */
export const MOST_BANDS = 4

type Reading = (bytes: ArrayBuffer) => Values

/** 64-bit integers as the nearest numbers that the page can count with. */
const WIDE: Record<string, Reading> = {
  int64: (bytes) => Float64Array.from(new BigInt64Array(bytes), Number),
  uint64: (bytes) => Float64Array.from(new BigUint64Array(bytes), Number),
}

// The server sends little-endian, which is what every browser's machine has.
const READINGS: Record<string, Reading> = {
  bool: (bytes) => new Uint8Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  int8: (bytes) => new Int8Array(bytes),
  uint16: (bytes) => new Uint16Array(bytes),
  int16: (bytes) => new Int16Array(bytes),
  uint32: (bytes) => new Uint32Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  ...WIDE,
}

/** The tile of an answer; `shape` is "rows,columns" or "bands,rows,columns". Error where they disagree. */
export function tileOf(bytes: ArrayBuffer, shape: string, dtype: string): RawTile {
  const reading = READINGS[dtype]
  if (reading === undefined) throw new Error(`Pixels of the type ${dtype || 'nothing'} cannot be shown.`)
  const sizes = shape.split(',').map(Number)
  const [width, height, bands] = [sizes.at(-1) ?? 0, sizes.at(-2) ?? 0, sizes.at(-3) ?? 1]
  const data = reading(bytes)
  if (data.length === 0 || data.length !== width * height * bands) {
    throw new Error(`The tile has ${data.length} values where ${shape} is ${width * height * bands}.`)
  }
  return { data, dtype, bands, width, height }
}

/** A tile with one more band: that of another tile, of as many pixels. */
export function withMask(tile: RawTile, mask: RawTile): RawTile {
  const data = new (tile.data.constructor as new (length: number) => Values)(
    tile.data.length + mask.width * mask.height,
  )
  data.set(tile.data)
  data.set(mask.data, tile.data.length)
  return { ...tile, data, bands: tile.bands + 1 }
}

/** Whether the values fit a texture of bytes; all else goes as 32-bit floats, exact for up to 24 bits. */
export function isBytes(dtype: string): boolean {
  return dtype === 'uint8' || dtype === 'bool'
}

/** What one in a texture stands for. */
export function textureUnit(dtype: string): number {
  return isBytes(dtype) ? 255 : 1
}

/** The values of all bands at a pixel of the tile. */
export function valuesAt(tile: RawTile, x: number, y: number): number[] {
  const area = tile.width * tile.height
  return Array.from({ length: tile.bands }, (_, band) => tile.data[band * area + y * tile.width + x] ?? NaN)
}

/**
 * The tile as a square texture, bands of a pixel side by side. What lies beyond the picture repeats its edge, so
 * that smoothing brings in nothing foreign. Mirrored, the picture lies at the right.
 */
export function texturePixels(tile: RawTile, side: number, flip: boolean): Uint8Array | Float32Array {
  const { data, width, height } = tile
  const bands = Math.min(tile.bands, MOST_BANDS)
  const isWhole = width === side && height === side && bands === 1 && !flip
  if (isWhole && (data instanceof Uint8Array || data instanceof Float32Array)) return data
  const pixels = isBytes(tile.dtype)
    ? new Uint8Array(side * side * bands)
    : new Float32Array(side * side * bands)
  if (isWhole) {
    pixels.set(data)
    return pixels
  }
  for (let band = 0; band < bands; band += 1) {
    copyBand(pixels, data.subarray(band * width * height), { width, height, side, bands, band, flip })
  }
  return pixels
}

interface Copy {
  width: number
  height: number
  side: number
  bands: number
  band: number
  flip: boolean
}

function copyBand(pixels: Uint8Array | Float32Array, from: Values, copy: Copy) {
  const { width, height, side, bands, band, flip } = copy
  for (let row = 0; row < side; row += 1) {
    const start = Math.min(row, height - 1) * width
    let at = row * side * bands + band
    for (let column = 0; column < side; column += 1) {
      const x = Math.min(flip ? side - 1 - column : column, width - 1)
      pixels[at] = from[start + x] ?? 0
      at += bands
    }
  }
}
