import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import PointerInteraction from 'ol/interaction/Pointer'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import type VectorSource from 'ol/source/Vector'
import type { Point } from '../model/geometry'
import type { Spacing } from '../types'
import { measureStyle } from './drawings'

/** Page pixels that a click may wander. */
const STILL = 4

/** Draws a line from where the pointer goes down to where it goes up, or from one click to the next. */
export class Measuring extends PointerInteraction {
  done: (from: Point, to: Point) => void = () => undefined
  private isOn = false
  private start: Point | null = null
  private startPixel: readonly number[] = [0, 0]
  /** The first click was made; the line follows the pointer until the second. */
  private isFollowing = false
  private toPicture: (point: Point) => Point = (point) => point
  private spacing: Spacing | null = null
  private readonly sketch = new Feature<LineString>()

  constructor(private readonly source: VectorSource) {
    super()
  }

  turnOn(isOn: boolean): void {
    this.isOn = isOn
    this.abandon()
  }

  /** Whether there was a line to give up. */
  abandon(): boolean {
    const wasBegun = this.start !== null
    this.start = null
    this.isFollowing = false
    if (this.source.hasFeature(this.sketch)) this.source.removeFeature(this.sketch)
    return wasBegun
  }

  /** How points of the map are told in the picture, and what a pixel measures. */
  describe(toPicture: (point: Point) => Point, spacing: Spacing | null): void {
    this.toPicture = toPicture
    this.spacing = spacing
  }

  /** Pinching has to see the first finger, too. */
  override stopDown(): boolean {
    return false
  }

  protected override handleDownEvent(event: MapBrowserEvent): boolean {
    const { button, ctrlKey } = event.originalEvent as PointerEvent
    if (!this.isOn || button !== 0 || ctrlKey) return false
    if (this.getPointerCount() > 1) {
      this.abandon()
      return false
    }
    if (!this.isFollowing) this.start = pointOf(event)
    this.startPixel = event.pixel
    return true
  }

  protected override handleDragEvent(event: MapBrowserEvent): void {
    if (this.getPointerCount() > 1) this.abandon()
    else this.draw(event)
  }

  protected override handleMoveEvent(event: MapBrowserEvent): void {
    if (this.isFollowing) this.draw(event)
  }

  protected override handleUpEvent(event: MapBrowserEvent): boolean {
    const { start } = this
    if (start === null) return false
    const [x = 0, y = 0] = event.pixel
    const moved = Math.hypot(x - (this.startPixel[0] ?? 0), y - (this.startPixel[1] ?? 0))
    if (moved < STILL && !this.isFollowing) {
      this.isFollowing = true
      return false
    }
    this.abandon()
    this.done(start, pointOf(event))
    return false
  }

  private draw(event: MapBrowserEvent): void {
    if (this.start === null) return
    const to = pointOf(event)
    this.sketch.setGeometry(new LineString([[...this.start], [...to]]))
    this.sketch.setStyle(measureStyle(this.toPicture(this.start), this.toPicture(to), this.spacing))
    if (!this.source.hasFeature(this.sketch)) this.source.addFeature(this.sketch)
  }
}

function pointOf({ coordinate }: MapBrowserEvent): Point {
  return [coordinate[0] ?? 0, coordinate[1] ?? 0]
}
