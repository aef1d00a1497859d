import WebGLTileLayer from 'ol/layer/WebGLTile'
import VectorSource from 'ol/source/Vector'
import type { Place } from '../model/address'
import type { Content, TileStore } from '../model/tileStore'
import type { Shading } from '../model/windowing'
import { groundFeature, type Mark } from './drawings'
import { LabelDrawings } from './LabelDrawings'
import type { Tint } from './maskRaster'
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
  private readonly labels = new LabelDrawings()
  private source: PictureSource | null = null
  private picture: Picture | null = null
  private flip = false
  private smooth = true

  constructor(target: HTMLElement, store: TileStore) {
    super(target, store)
    const ground = drawingLayer(this.ground, () => !this.ground.isEmpty())
    this.addLayers(ground, this.layer, this.labels.layer)
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
    this.labels.draw(marks, tints, this.picture, this.flip, this.camera.toMap)
  }
}
