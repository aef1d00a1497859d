import VectorSource from 'ol/source/Vector'
import type VectorLayer from 'ol/layer/Vector'
import type { PictureSize } from '../model/geometry'
import { featureOf, type Mark, type ToMap } from './drawings'
import { canvasOf, rasterOf, type Tint } from './maskRaster'
import { drawingLayer } from './StageMap'

type Size = Pick<PictureSize, 'width' | 'height'>

/** The labels that are drawn on a picture: masks, and outlines, boxes and points above them. */
export class LabelDrawings {
  readonly layer: VectorLayer
  private readonly source = new VectorSource()
  private masks: HTMLCanvasElement | null = null
  private size: Size = { width: 0, height: 0 }
  private flip = false

  constructor() {
    this.layer = drawingLayer(this.source, () => !this.source.isEmpty() || this.masks !== null)
    this.layer.on('prerender', ({ context, frameState, inversePixelTransform }) => {
      if (!(context instanceof CanvasRenderingContext2D) || !frameState || !inversePixelTransform) return
      this.drawMasks(context, inversePixelTransform, frameState.coordinateToPixelTransform)
    })
  }

  /** Draws labels of a picture; null: of none. */
  draw(marks: readonly Mark[], tints: readonly Tint[], size: Size | null, flip: boolean, toMap: ToMap): void {
    const raster = size === null ? null : rasterOf(tints, size)
    this.masks = raster === null ? null : canvasOf(raster)
    this.size = size ?? this.size
    this.flip = flip
    this.source.clear(true)
    if (size !== null) this.source.addFeatures(marks.map((mark) => featureOf(mark, toMap)))
    this.source.changed()
  }

  /** `toCanvas` leads from pixels of the page to those of the layer's canvas, which is turned as a whole. */
  private drawMasks(context: CanvasRenderingContext2D, toCanvas: number[], toPage: number[]): void {
    if (this.masks === null) return
    const { width, height } = this.size
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
