import WebGLTileLayer, { type Style } from 'ol/layer/WebGLTile'
import { getRenderPixel } from 'ol/render'
import type RenderEvent from 'ol/render/Event'
import type { Place } from '../../model/address'
import type { PictureSize } from '../../model/geometry'
import type { Content, TileStore } from '../../model/tileStore'
import type { Mark } from '../../stage/drawings'
import { LabelDrawings } from '../../stage/LabelDrawings'
import type { Tint } from '../../stage/maskRaster'
import { PictureSource, type Texturing, tilesKey } from '../../stage/PictureSource'
import { StageMap } from '../../stage/StageMap'

export type Side = 'both' | 'left' | 'right'

/** A layer as it is to be drawn. */
export interface Drawn {
  /** The same for the same layer of the stage, whatever it shows. */
  id: string
  content: Content
  size: PictureSize
  texturing: Texturing
  style: Style
  /** The style's own, which change without making it anew. */
  variables: Record<string, number>
  /** What tells styles apart but for their variables. */
  styleKey: string
  /** 0 to 1 */
  opacity: number
  isSmooth: boolean
  side: Side
}

interface Held {
  layer: WebGLTileLayer
  source: PictureSource
  sourceKey: string
  styleKey: string
  drawn: Drawn
}

/** A texture of three floats and what is known has 4 MB. */
const TEXTURES = 40

/** Above as many rasters as a chip may have. */
const ABOVE_RASTERS = 900

/** The stage of a chip: layers of rasters over each other, parted by a swipe where there is one. */
export class RasterMap extends StageMap {
  private readonly held = new Map<string, Held>()
  private readonly labels = new LabelDrawings()
  private size: PictureSize | null = null
  private swipe: number | null = null

  constructor(target: HTMLElement, store: TileStore) {
    super(target, store)
    this.labels.layer.setZIndex(ABOVE_RASTERS)
    this.addLayers(this.labels.layer)
  }

  protected override contents(): readonly Content[] {
    return [...this.held.values()].map(({ drawn }) => drawn.content)
  }

  /** Shows layers, the first one lowest, in the pixels of a picture; `place` is where the view begins. */
  show(size: PictureSize, all: readonly Drawn[], place: Place | null): void {
    const before = new Set(this.contents().map((content) => keyOf(content)))
    const ids = new Set(all.map(({ id }) => id))
    for (const [id, held] of this.held) if (!ids.has(id)) this.remove(id, held)
    all.forEach((drawn, index) => this.hold(drawn, index))
    if (this.contents().some((content) => !before.has(keyOf(content)))) this.begin(false)
    this.askForTiles()
    this.look(size, place)
  }

  /** Outlines, boxes and masks over all rasters, in pixels of a picture. */
  drawLabels(marks: readonly Mark[], tints: readonly Tint[], size: PictureSize): void {
    this.labels.draw(marks, tints, size, false, this.camera.toMap)
  }

  private look(size: PictureSize, place: Place | null): void {
    const before = this.size
    this.size = size
    if (before?.width === size.width && before.height === size.height) return
    const [first] = this.held.values()
    if (first === undefined) {
      this.size = before
      return
    }
    this.camera.begin(size, false, first.source.getProjection(), before === null ? place : null)
  }

  private hold(drawn: Drawn, index: number): void {
    const sourceKey = [
      ...[drawn.size.width, drawn.size.height, drawn.size.tile, drawn.size.levels],
      ...[drawn.texturing.bands, drawn.texturing.scale ?? 1],
    ].join()
    const known = this.held.get(drawn.id)
    const held = known ?? this.added(drawn, sourceKey)
    if (held.sourceKey !== sourceKey) {
      held.source = this.made(drawn)
      held.sourceKey = sourceKey
      held.layer.setSource(held.source)
    }
    if (known !== undefined && held.styleKey !== drawn.styleKey) held.layer.setStyle(drawn.style)
    else held.layer.updateStyleVariables(drawn.variables)
    held.styleKey = drawn.styleKey
    held.drawn = drawn
    held.layer.setOpacity(drawn.opacity)
    held.layer.setZIndex(index)
  }

  private made({ size, texturing }: Drawn): PictureSource {
    const source = new PictureSource(size, this.store, false, texturing)
    this.failures.watch(source)
    return source
  }

  private added(drawn: Drawn, sourceKey: string): Held {
    const source = this.made(drawn)
    const layer = new WebGLTileLayer({ cacheSize: TEXTURES, style: drawn.style })
    const held: Held = { layer, source, sourceKey, styleKey: drawn.styleKey, drawn }
    layer.on('prerender', (event) => this.clip(event, held.drawn.side))
    layer.on('postrender', ({ context }) => {
      if (context instanceof WebGLRenderingContext || context instanceof WebGL2RenderingContext)
        context.disable(context.SCISSOR_TEST)
    })
    this.held.set(drawn.id, held)
    this.addLayers(layer)
    return held
  }

  private remove(id: string, { layer }: Held): void {
    this.held.delete(id)
    this.map.removeLayer(layer)
    layer.dispose()
  }

  protected override askForTiles(): void {
    for (const { source, drawn, layer } of this.held.values()) {
      const attempt = this.attemptOf(drawn.content)
      const key = `${tilesKey(drawn.content, drawn.isSmooth, attempt)}|${drawn.texturing.key}`
      if (source.getKey() !== key) source.show(drawn.content, drawn.isSmooth, attempt, drawn.texturing)
      // A layer draws nothing before its source can.
      if (layer.getSource() !== source) layer.setSource(source)
    }
  }

  /** Where the swipe stands, from 0 at the left to 1; null: every layer is seen everywhere. */
  setSwipe(swipe: number | null): void {
    this.swipe = swipe
    this.map.render()
  }

  private clip(event: RenderEvent, side: Side): void {
    const gl = event.context
    if (!(gl instanceof WebGLRenderingContext || gl instanceof WebGL2RenderingContext)) return
    const size = this.map.getSize()
    if (this.swipe === null || side === 'both' || size === undefined) return
    const [width = 0, height = 0] = size
    const [left = 0, bottom = 0] = getRenderPixel(event, [0, height])
    const [right = 0, top = 0] = getRenderPixel(event, [width, 0])
    const middle = Math.round(left + (right - left) * this.swipe)
    gl.enable(gl.SCISSOR_TEST)
    const from = side === 'left' ? left : middle
    const to = side === 'left' ? middle : right
    gl.scissor(from, bottom, Math.max(0, to - from), top - bottom)
  }
}

function keyOf({ sha256, places }: Content): string {
  return `${sha256} ${places ?? ''}`
}
