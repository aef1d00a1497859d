/** Where pixels, tiles and points lie. Pictures have y downwards, the map has y upwards. All are pure. */

export interface PictureSize {
  width: number
  height: number
  /** Pixels along a tile's side. */
  tile: number
  levels: number
}

export type Point = readonly [x: number, y: number]

export interface LevelGrid {
  /** Pixels of the picture along one of the level's. */
  scale: number
  columns: number
  rows: number
  /** Where the map has the upper left corner of the first tile. */
  origin: [x: number, y: number]
}

/** Levels until the picture fits one tile. */
export function levelsOf(width: number, height: number, tile: number): number {
  let levels = 1
  while (Math.max(width, height) > tile * 2 ** (levels - 1)) levels += 1
  return levels
}

/** The grid of a level. Mirrored tiles begin left of the picture, where their last column ends at its edge. */
export function gridOf(size: PictureSize, level: number, flip: boolean): LevelGrid {
  const scale = 2 ** level
  const side = size.tile * scale
  const columns = Math.ceil(size.width / side)
  const rows = Math.ceil(size.height / side)
  return { scale, columns, rows, origin: [flip ? size.width - columns * side : 0, size.height] }
}

/** The tile's column on the server for a column of the map. */
export function columnOf(size: PictureSize, level: number, column: number, flip: boolean): number {
  return flip ? gridOf(size, level, flip).columns - 1 - column : column
}

/** A point of the picture on the map. */
export function toMap(size: Pick<PictureSize, 'width' | 'height'>, flip: boolean, [x, y]: Point): Point {
  return [flip ? size.width - x : x, size.height - y]
}

/** A point of the map in the picture; its own inverse but for the name. */
export function fromMap(size: Pick<PictureSize, 'width' | 'height'>, flip: boolean, point: Point): Point {
  return toMap(size, flip, point)
}

/** The pixel under a point of the picture; null beside it. */
export function pixelAt(size: Pick<PictureSize, 'width' | 'height'>, [x, y]: Point): Point | null {
  if (!(x >= 0 && y >= 0 && x < size.width && y < size.height)) return null
  return [Math.floor(x), Math.floor(y)]
}

export interface TilePlace {
  level: number
  column: number
  row: number
}

/** The tile that holds a pixel at a level, and where in it. */
export function placeOf(
  size: PictureSize,
  level: number,
  [x, y]: Point,
): TilePlace & { x: number; y: number } {
  const left = Math.floor(x / 2 ** level)
  const top = Math.floor(y / 2 ** level)
  const column = Math.floor(left / size.tile)
  const row = Math.floor(top / size.tile)
  return { level, column, row, x: left - column * size.tile, y: top - row * size.tile }
}

/** Map units per screen pixel with which all of the picture is seen, turned by `degrees`. */
export function fitting(
  size: Pick<PictureSize, 'width' | 'height'>,
  view: readonly [width: number, height: number],
  degrees: number,
  margin: number,
): number {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const width = size.width * cos + size.height * sin
  const height = size.width * sin + size.height * cos
  return Math.max(width / Math.max(1, view[0] - 2 * margin), height / Math.max(1, view[1] - 2 * margin))
}

/** The level whose pixels are at least as fine as the screen's, given picture pixels per device pixel. */
export function levelFor(levels: number, pixels: number): number {
  return Math.max(0, Math.min(levels - 1, Math.floor(Math.log2(Math.max(pixels, 1)) + 1e-6)))
}

/** The middle moved by less than a pixel, so that pixels of picture and screen lie on each other. */
export function snapped(center: Point, view: readonly [number, number], pixels: number): Point {
  const along = (value: number, length: number) => {
    const edge = value / pixels - length / 2
    return (Math.round(edge) + length / 2) * pixels
  }
  return [along(center[0], view[0]), along(center[1], view[1])]
}

/** Tiles of a level that are seen in a part of the picture, the middle ones first. */
export function tilesIn(
  size: PictureSize,
  level: number,
  part: readonly [left: number, top: number, right: number, bottom: number],
): TilePlace[] {
  const { columns, rows, scale } = gridOf(size, level, false)
  const side = size.tile * scale
  const first = (value: number) => Math.max(0, Math.floor(value / side))
  const last = (value: number, count: number) => Math.min(count - 1, Math.ceil(value / side) - 1)
  const found: TilePlace[] = []
  for (let row = first(part[1]); row <= last(part[3], rows); row += 1) {
    for (let column = first(part[0]); column <= last(part[2], columns); column += 1) {
      found.push({ level, column, row })
    }
  }
  const middle = [(part[0] + part[2]) / 2 / side - 0.5, (part[1] + part[3]) / 2 / side - 0.5] as const
  const far = (place: TilePlace) => (place.column - middle[0]) ** 2 + (place.row - middle[1]) ** 2
  return found.sort((a, b) => far(a) - far(b))
}

/** Millimetres between two points, or pixels where the spacing (per row, per column) is not known. */
export function lengthOf(
  from: Point,
  to: Point,
  spacing: readonly [number, number] | null,
): { length: number; unit: string } {
  const [row, column] = spacing ?? [1, 1]
  const length = Math.hypot((to[0] - from[0]) * column, (to[1] - from[1]) * row)
  return { length, unit: spacing === null ? 'px' : 'mm' }
}

/** "141.1 mm", "12.3 µm", "1.42 m", "312 px". */
export function lengthText({ length, unit }: { length: number; unit: string }): string {
  if (unit === 'px') return `${length.toFixed(length < 100 ? 1 : 0)} px`
  if (length >= 1000) return `${(length / 1000).toFixed(2)} m`
  if (length < 0.1) return `${(length * 1000).toFixed(1)} µm`
  return `${length.toFixed(length < 10 ? 2 : 1)} mm`
}

/** A round length for a scale bar of at most `most` screen pixels, and its length on the screen. */
export function scaleBar(millimetresPerPixel: number, most: number): { pixels: number; text: string } {
  const longest = most * millimetresPerPixel
  const power = 10 ** Math.floor(Math.log10(longest))
  const length = ([5, 2, 1].find((step) => step * power <= longest) ?? 1) * power
  return { pixels: length / millimetresPerPixel, text: roundText(length) }
}

function roundText(millimetres: number): string {
  const units: readonly (readonly [number, string])[] = [
    [1_000_000, 'km'],
    [1000, 'm'],
    [10, 'cm'],
    [1, 'mm'],
    [1e-3, 'µm'],
  ]
  const [size, unit] = units.find(([each]) => millimetres >= each * 0.999999) ?? [1e-6, 'nm']
  return `${Number((millimetres / size).toPrecision(3))} ${unit}`
}
