import DataTile, { type Data, type Options as TileOptions } from 'ol/DataTile'
import type { Style } from 'ol/layer/WebGLTile'
import Projection from 'ol/proj/Projection'
import DataTileSource from 'ol/source/DataTile'
import TileState from 'ol/TileState'
import TileGrid from 'ol/tilegrid/TileGrid'
import { columnOf, gridOf, type PictureSize } from '../model/geometry'
import { isBytes, MOST_BANDS, type RawTile, texturePixels } from '../model/tiles'
import { type Content, contentKey, type TileAddress, type TileStore } from '../model/tileStore'
import type { Shading } from '../model/windowing'

/** What the stage has to know of a picture. */
export interface Picture extends PictureSize, Content {
  dtype: string
  bands: readonly string[]
}

/** Whether two pictures can share a source: their tiles lie alike and hold alike. */
export function isAlike(a: Picture, b: Picture): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.tile === b.tile &&
    a.levels === b.levels &&
    a.dtype === b.dtype &&
    a.bands.join() === b.bands.join()
  )
}

/** How tiles become textures; `key` tells apart what makes others of the same tiles. */
export interface Texturing {
  key: string
  bands: number
  /** Square textures of the picture's tile, bands of a pixel side by side, rows from the top. */
  pixels: (tile: RawTile) => Uint8Array | Float32Array
  /** Pixels of the stage along one of the picture's own. */
  scale?: number
}

/** What tiles are kept under; `attempt` counts how often they were asked for, since a failed one is kept, too. */
export function tilesKey(content: Content, smooth: boolean, attempt: number): string {
  return `${contentKey(content)}|${smooth ? 'smooth' : 'exact'}|${attempt}`
}

/** A tile whose pixels are here: drawn with the frame that asks for it, while one that is loaded comes one later. */
class ReadyTile extends DataTile {
  constructor(
    options: TileOptions,
    private readonly pixels: Data,
  ) {
    super(options)
    this.state = TileState.LOADED
  }

  override getData(): Data {
    return this.pixels
  }
}

/**
 * The tiles of one picture after another of the same size and kind. A picture that follows another keeps it on the
 * screen until its own tiles are there, so that running through a series does not flicker.
 */
export class PictureSource extends DataTileSource {
  private content: Content | null = null

  constructor(
    private readonly picture: PictureSize,
    private readonly store: TileStore,
    private readonly flip: boolean,
    private texturing: Texturing,
  ) {
    const { width, height, tile } = picture
    const { scale = 1 } = texturing
    const extent = [0, 0, width * scale, height * scale]
    const levels = Array.from({ length: picture.levels }, (_, z) => picture.levels - 1 - z)
    // OpenLayers chooses tiles by pixels of the page; on fine screens one of these is two of the screen's.
    const ratio = globalThis.devicePixelRatio >= 1.5 ? 2 : 1
    super({
      projection: new Projection({ code: 'picture', units: 'pixels', extent }),
      tileGrid: new TileGrid({
        extent,
        origins: levels.map((level) => gridOf(picture, level, flip).origin.map((each) => each * scale)),
        resolutions: levels.map((level) => 2 ** level * ratio * scale),
        tileSize: tile / ratio,
      }),
      tileSize: tile,
      bandCount: texturing.bands,
      zDirection: -1,
      wrapX: false,
      transition: 0,
    })
  }

  /** Shows a content; it has to be alike to the one that the source was made for, and its texturing, too. */
  show(content: Content, smooth: boolean, attempt: number, texturing = this.texturing): void {
    const { store } = this
    this.content = content
    this.texturing = texturing
    this.tileOptions.interpolate = smooth
    this.setLoader(async (z, x, row) =>
      texturing.pixels(await store.load(this.addressOf(content, z, x, row))),
    )
    this.setKey(`${tilesKey(content, smooth, attempt)}|${texturing.key}`)
  }

  private addressOf(content: Content, z: number, x: number, row: number): TileAddress {
    const level = this.picture.levels - 1 - z
    const { sha256, frame, places, isMasked = false } = content
    const asked = places === undefined ? {} : { places, isMasked }
    return {
      sha256,
      frame,
      ...asked,
      level,
      column: columnOf(this.picture, level, x, this.flip),
      row,
    }
  }

  override getTile(...asked: Parameters<DataTileSource['getTile']>): DataTile | null {
    const [z, x, y] = asked
    const here = this.content === null ? undefined : this.store.peek(this.addressOf(this.content, z, x, y))
    if (here === undefined) return super.getTile(...asked)
    const pixels = this.texturing.pixels(here)
    const loader = () => Promise.resolve(pixels)
    const size: [number, number] = [this.picture.tile, this.picture.tile]
    const tile = new ReadyTile({ ...this.tileOptions, tileCoord: [z, x, y], loader, size }, pixels)
    tile.key = this.getKey()
    return tile
  }
}

/** Bands as they are, of which a texture holds four. */
export function plainTexturing({ tile, bands }: Picture, flip: boolean): Texturing {
  return {
    key: '',
    bands: Math.min(bands.length, MOST_BANDS),
    pixels: (raw) => texturePixels(raw, tile, flip),
  }
}

type Expression = (string | number | Expression)[]

/** How bands become colours; the three variables are those of `Shading`. */
export function styleOf(picture: Picture, shading: Shading): Style {
  const { bands, dtype } = picture
  const shown = (value: Expression): Expression => [
    'clamp',
    ['+', ['*', ['-', value, ['var', 'low']], ['var', 'gain']], ['var', 'shift']],
    0,
    1,
  ]
  const band = (number: number): Expression => ['band', number]
  const alpha: Expression | number =
    bands.at(-1) === 'alpha' ? ['/', band(bands.length), isBytes(dtype) ? 1 : opaque(dtype)] : 1
  return { variables: { ...shading }, color: ['array', ...colorsOf(picture, band).map(shown), alpha] }
}

function colorsOf({ bands }: Picture, band: (number: number) => Expression): Expression[] {
  const isGray = bands.length < 3
  if (bands[0] === 'cyan') {
    // Inks on white paper, without a profile; of bytes alone, since no other CMYK picture is read.
    const paper = (number: number): Expression => ['*', ['-', 1, band(number)], ['-', 1, band(4)]]
    return [paper(1), paper(2), paper(3)]
  }
  return (isGray ? [1, 1, 1] : [1, 2, 3]).map(band)
}

function opaque(dtype: string): number {
  return dtype.startsWith('float') ? 1 : 2 ** (Number(dtype.replace(/\D/g, '')) || 8) - 1
}
