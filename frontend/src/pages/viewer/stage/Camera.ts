import type Map from 'ol/Map'
import type Projection from 'ol/proj/Projection'
import View from 'ol/View'
import type { Place } from '../model/address'
import {
  fitting,
  fromMap,
  levelFor,
  type PictureSize,
  type Point,
  snapped,
  type TilePlace,
  tilesIn,
  toMap,
} from '../model/geometry'
import type { ToolState } from './tools'

const MARGIN = 14
const THIN = 640
/** Page pixels that one of the picture's may become. */
const LARGEST = 128

/** Where the map is looked at, in the picture's pixels; `tools.isFitted` says that all of the picture is seen. */
export class Camera {
  moved: (resolution: number, place: Place | null) => void = () => undefined
  private picture: PictureSize = { width: 1, height: 1, tile: 512, levels: 1 }
  private flip = false
  private isProgram = false

  constructor(
    private readonly map: Map,
    private readonly tools: ToolState,
  ) {
    map.on('change:size', () => {
      if (this.tools.isFitted) this.fit()
    })
  }

  /** Begins with another picture, at a place or with all of it. */
  begin(picture: PictureSize, flip: boolean, projection: Projection | null, place: Place | null): void {
    const rotation = this.map.getView().getRotation()
    this.picture = picture
    this.flip = flip
    const view = new View({
      ...(projection === null ? {} : { projection }),
      center: [picture.width / 2, picture.height / 2],
      resolution: 1,
      rotation,
      minResolution: 1 / LARGEST,
      maxResolution: 4 * Math.max(1, fitting(picture, [320, 320], 0, 0)),
      extent: [0, 0, picture.width, picture.height],
      constrainOnlyCenter: true,
      smoothExtentConstraint: false,
      smoothResolutionConstraint: false,
      constrainRotation: false,
    })
    view.on(['change:resolution', 'change:center', 'change:rotation'], () => this.move())
    this.map.setView(view)
    if (place === null) this.fit()
    else this.goTo(place)
  }

  readonly toMap = (point: Point): Point => toMap(this.picture, this.flip, point)

  readonly fromMap = (point: Point): Point => fromMap(this.picture, this.flip, point)

  private size(): [number, number] {
    const [width = 1, height = 1] = this.map.getSize() ?? []
    return [Math.max(1, width), Math.max(1, height)]
  }

  private center(): Point {
    const [x = 0, y = 0] = this.map.getView().getCenter() ?? []
    return [x, y]
  }

  private byProgram(change: (view: View) => void, isFitted: boolean): void {
    const view = this.map.getView()
    view.cancelAnimations()
    this.isProgram = true
    change(view)
    this.isProgram = false
    this.tools.isFitted = isFitted
    this.move()
  }

  private move(): void {
    if (this.isProgram) return
    const view = this.map.getView()
    if (view.getInteracting() || view.getAnimating()) this.tools.isFitted = false
    this.moved(view.getResolution() ?? 1, this.place())
  }

  /** Where the view stands; null while all of the picture is seen. */
  place(): Place | null {
    if (this.tools.isFitted) return null
    const [x, y] = this.fromMap(this.center())
    return { x, y, zoom: this.zoom() }
  }

  /** Screen pixels for one of the picture's. */
  zoom(): number {
    return globalThis.devicePixelRatio / (this.map.getView().getResolution() ?? 1)
  }

  goTo({ x, y, zoom }: Place): void {
    this.byProgram((view) => {
      view.setResolution(globalThis.devicePixelRatio / zoom)
      view.setCenter([...this.toMap([x, y])])
    }, false)
    this.snap()
  }

  /** All of the picture. */
  fit(): void {
    const [width, height] = this.size()
    const margin = width < THIN ? 0 : MARGIN
    this.byProgram((view) => {
      const degrees = (view.getRotation() * 180) / Math.PI
      view.setResolution(fitting(this.picture, [width, height], degrees, margin))
      view.setCenter([this.picture.width / 2, this.picture.height / 2])
    }, true)
  }

  /** One pixel of the picture for one of the screen. */
  actual(): void {
    const [x, y] = this.fromMap(this.center())
    this.goTo({ x, y, zoom: 1 })
  }

  zoomBy(factor: number): void {
    this.byProgram((view) => view.adjustResolution(1 / factor), false)
  }

  turn(degrees: number): void {
    const wasFitted = this.tools.isFitted
    this.byProgram((view) => view.setRotation((degrees * Math.PI) / 180), wasFitted)
    if (wasFitted) this.fit()
  }

  /** Where pixels are as large as the screen's or whole multiples, their edges are laid on the screen's. */
  snap(): void {
    const [zoom, center] = [this.zoom(), this.center()]
    const turns = this.map.getView().getRotation() / (Math.PI / 2)
    const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-3
    if (this.tools.isFitted || zoom < 0.999 || !isWhole(zoom) || !isWhole(turns)) return
    const ratio = globalThis.devicePixelRatio
    const [width, height] = this.size()
    const isUpright = Math.round(turns) % 2 === 0
    const seen = isUpright ? ([width, height] as const) : ([height, width] as const)
    const to = snapped(center, [seen[0] * ratio, seen[1] * ratio], 1 / zoom)
    if (Math.hypot(to[0] - center[0], to[1] - center[1]) < 1e-6) return
    this.byProgram((view) => view.setCenter([...to]), false)
  }

  /** Moves the view where a point is not seen. */
  reveal(point: Point): void {
    const to = this.toMap(point)
    const [left = 0, bottom = 0, right = 0, top = 0] = this.map.getView().calculateExtent(this.size())
    if (to[0] >= left && to[0] <= right && to[1] >= bottom && to[1] <= top) return
    this.byProgram((view) => view.setCenter([...to]), false)
  }

  /** The point of the picture in the middle of the view. */
  middle(): Point {
    return this.fromMap(this.center())
  }

  /** The level of the tiles that are shown. */
  level(): number {
    return levelFor(this.picture.levels, 1 / this.zoom())
  }

  /** The tiles that are seen, or that would be of a picture alike. */
  seen(): TilePlace[] {
    const [left = 0, bottom = 0, right = 0, top = 0] = this.map.getView().calculateExtent(this.size())
    const [from, to] = [this.fromMap([left, top]), this.fromMap([right, bottom])]
    const part = [Math.min(from[0], to[0]), from[1], Math.max(from[0], to[0]), to[1]] as const
    return tilesIn(this.picture, this.level(), part)
  }
}
