/** Tiles as textures: values that are known, and which they are. All are pure. */

import type { RawTile } from '../../model/tiles'
import { evaluate, type Expression } from '../model/expression'

/** Where a band of the picture lies in a tile, and how its samples become values. */
export interface Channel {
  /** In the tile, from 0. */
  at: number
  scale: number
  offset: number
}

export interface Validity {
  /** Samples that stand for nothing; NaN always does. */
  nodata: readonly number[]
  /** The band of the tile that is 0 where nothing was measured. */
  mask: number | null
}

/** A tile's values of a band; NaN where the tile has none. */
export function valuesOf(tile: RawTile, { at, scale, offset }: Channel, validity: Validity): Float64Array {
  const area = tile.width * tile.height
  const values = new Float64Array(area)
  const { nodata } = validity
  const start = at * area
  const mask = validity.mask === null ? null : tile.data.subarray(validity.mask * area)
  for (let index = 0; index < area; index += 1) {
    const sample = tile.data[start + index] ?? NaN
    const isHere = Number.isFinite(sample) && mask?.[index] !== 0 && !nodata.includes(sample)
    values[index] = isHere ? sample * scale + offset : NaN
  }
  return values
}

/** The values of an expression over a tile. */
export function formulaOf(
  tile: RawTile,
  expression: Expression,
  channels: ReadonlyMap<string, Channel>,
  validity: Validity,
): Float64Array {
  const bands = new Map([...channels].map(([name, channel]) => [name, valuesOf(tile, channel, validity)]))
  return evaluate(expression, bands, tile.width * tile.height)
}

/**
 * Values of one or of three bands as a square texture: the values and, last, 1 where all of them are known. Where not,
 * all are 0, so that what smoothing mixes can be parted again by dividing by the last. Edges are repeated beyond the
 * picture.
 */
export function textureOf(
  bands: readonly Float64Array[],
  { width, height }: Pick<RawTile, 'width' | 'height'>,
  side: number,
): Float32Array {
  const step = bands.length + 1
  const pixels = new Float32Array(side * side * step)
  for (let row = 0; row < side; row += 1) {
    const start = Math.min(row, height - 1) * width
    for (let column = 0; column < side; column += 1) {
      const from = start + Math.min(column, width - 1)
      const to = (row * side + column) * step
      let isKnown = true
      for (const band of bands) isKnown &&= !Number.isNaN(band[from])
      if (!isKnown) continue
      for (const [index, band] of bands.entries()) pixels[to + index] = band[from] ?? 0
      pixels[to + bands.length] = 1
    }
  }
  return pixels
}

/** Ids of classes as their places in a list of colours; 0 for what is no class. */
export function labelTexture(tile: RawTile, side: number, places: ReadonlyMap<number, number>): Uint8Array {
  const pixels = new Uint8Array(side * side)
  for (let row = 0; row < side; row += 1) {
    const start = Math.min(row, tile.height - 1) * tile.width
    for (let column = 0; column < side; column += 1) {
      const id = tile.data[start + Math.min(column, tile.width - 1)] ?? NaN
      pixels[row * side + column] = places.get(id) ?? 0
    }
  }
  return pixels
}
