import WebGLTileLayer from 'ol/layer/WebGLTile'
import VectorSource from 'ol/source/Vector'
import type VectorLayer from 'ol/layer/Vector'
import type { Place } from '../model/address'
import type { Content, TileStore } from '../model/tileStore'
import type { Shading } from '../model/windowing'
import { featureOf, groundFeature, type Mark } from './drawings'
import { canvasOf, rasterOf, type Tint } from './maskRaster'
import { isAlike, type Picture, PictureSource, plainTexturing, styleOf, tilesKey } from './PictureSource'
import { drawingLayer, StageMap } from './StageMap'

export interface Options {
  flip: boolean
  smooth: boolean
  shading: Shading
  /** Where the view begins with the first picture. */
  place: Place | null
}

/** Two levels of tiles on a large screen; a texture of 16-bit colours has 4 MB. */
const TEXTURES = 80

/** The stage of planar pictures, whatever picture it shows, with the labels that are drawn on it. */
export class PictureMap extends StageMap {
  private readonly layer = new WebGLTileLayer({ cacheSize: TEXTURES })
  private readonly ground = new VectorSource()
  private readonly labels = new VectorSource()
  private readonly labelLayer: VectorLayer
  private masks: HTMLCanvasElement | null = null
  private source: PictureSource | null = null
  private picture: Picture | null = null
  private flip = false
  private smooth = true

  constructor(target: HTMLElement, store: TileStore) {
    super(target, store)
    this.labelLayer = drawingLayer(this.labels, () => !this.labels.isEmpty() || this.masks !== null)
    this.labelLayer.on('prerender', ({ context, frameState, inversePixelTransform }) => {
      if (!(context instanceof CanvasRenderingContext2D) || !frameState || !inversePixelTransform) return
      this.drawMasks(context, inversePixelTransform, frameState.coordinateToPixelTransform)
    })
    const ground = drawingLayer(this.ground, () => !this.ground.isEmpty())
    this.addLayers(ground, this.layer, this.labelLayer)
  }

  protected override contents(): readonly Content[] {
    return this.picture === null ? [] : [this.picture]
  }

  /** Shows a picture; a source, and the view with it, are made anew only for another size or kind. */
  show(picture: Picture, { flip, smooth, shading, place }: Options): void {
    const before = this.picture
    const isSame = before !== null && isAlike(before, picture) && this.flip === flip
    this.picture = picture
    this.smooth = smooth
    if (isSame && this.source !== null) {
      if (this.source.getKey() !== this.key(picture)) this.showTiles(this.isHere(picture))
      return
    }
    const isSameSize = before?.width === picture.width && before.height === picture.height
    const begin = before === null ? place : isSameSize ? this.camera.place() : null
    this.flip = flip
    this.source = new PictureSource(picture, this.store, flip, plainTexturing(picture, flip))
    this.failures.watch(this.source)
    this.showTiles()
    const ground = picture.bands.includes('alpha') ? groundFeature(picture.width, picture.height) : null
    this.ground.clear(true)
    if (ground !== null) this.ground.addFeature(ground)
    this.layer.setStyle(styleOf(picture, shading))
    this.layer.setSource(this.source)
    this.camera.begin(picture, flip, this.source.getProjection(), begin)
  }

  private key(picture: Picture): string {
    return `${tilesKey(picture, this.smooth, this.attemptOf(picture))}|`
  }

  /** Whether all that is seen is in memory: it is drawn with the next frame. */
  private isHere({ sha256, frame }: Picture): boolean {
    return this.camera.seen().every((place) => this.store.peek({ ...place, sha256, frame }) !== undefined)
  }

  private showTiles(isHere = false): void {
    this.begin(isHere)
    this.askForTiles()
  }

  protected override askForTiles(): void {
    if (this.picture !== null) this.source?.show(this.picture, this.smooth, this.attemptOf(this.picture))
  }

  shade(shading: Shading): void {
    this.layer.updateStyleVariables({ ...shading })
  }

  setOpacity(opacity: number): void {
    this.layer.setOpacity(opacity)
  }

  /** Masks lie below all other marks. */
  drawLabels(marks: readonly Mark[], tints: readonly Tint[]): void {
    const raster = this.picture === null ? null : rasterOf(tints, this.picture)
    this.masks = raster === null ? null : canvasOf(raster)
    this.fill(this.labels, marks, (mark) => featureOf(mark, this.camera.toMap))
    this.labels.changed()
  }

  /** `toCanvas` leads from pixels of the page to those of the layer's canvas, which is turned as a whole. */
  private drawMasks(context: CanvasRenderingContext2D, toCanvas: number[], toPage: number[]): void {
    if (this.masks === null || this.picture === null) return
    const { width, height } = this.picture
    context.save()
    context.setTransform(...sixOf(toCanvas))
    context.transform(...sixOf(toPage))
    // The map has y upwards, and a mirrored picture x to the left.
    context.transform(this.flip ? -1 : 1, 0, 0, -1, this.flip ? width : 0, height)
    context.imageSmoothingEnabled = false
    context.drawImage(this.masks, 0, 0, width, height)
    context.restore()
  }
}

function sixOf([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]) {
  return [a, b, c, d, e, f] as const
}
