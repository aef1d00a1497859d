import type Feature from 'ol/Feature'
import VectorLayer from 'ol/layer/Vector'
import WebGLTileLayer from 'ol/layer/WebGLTile'
import Map from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import { disableCoordinateWarning } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import type { Place } from '../model/address'
import type { Point } from '../model/geometry'
import { type Content, contentKey, type TileStore } from '../model/tileStore'
import type { Shading } from '../model/windowing'
import type { Spacing } from '../types'
import { Camera } from './Camera'
import { crossFeature, featureOf, groundFeature, type Mark, measureFeature } from './drawings'
import { FailedTiles } from './FailedTiles'
import { canvasOf, rasterOf, type Tint } from './maskRaster'
import { Measuring } from './Measuring'
import { isAlike, type Picture, PictureSource, styleOf, tilesKey } from './PictureSource'
import { pngOf } from './snapshot'
import { interactionsFor, type Tool, type ToolState } from './tools'

export interface Listeners {
  /** The view moved: picture pixels per page pixel; a place of null: all of the picture is seen. */
  moved: (resolution: number, place: Place | null) => void
  /** The pointer is at a point of the picture; null: it left. */
  pointed: (point: Point | null) => void
  windowed: (right: number, down: number) => void
  measured: (from: Point, to: Point) => void
  /** Tiles that did not load, as the page says it; null: all are there. */
  failed: (message: string | null) => void
  loading: (isLoading: boolean) => void
}

export interface Options {
  flip: boolean
  smooth: boolean
  shading: Shading
  /** Where the view begins with the first picture. */
  place: Place | null
}

/** Two levels of tiles on a large screen; a texture of 16-bit colours has 4 MB. */
const TEXTURES = 80

// Pixels are no degrees, small as they may be.
disableCoordinateWarning()

/** The stage: one map for as long as the viewer is open, whatever picture it shows. */
export class PictureMap {
  readonly tools: ToolState = { tool: 'pan', isSpaceHeld: false, wheelSteps: false, isFitted: true }
  readonly camera: Camera
  private readonly map: Map
  private readonly layer = new WebGLTileLayer({ cacheSize: TEXTURES })
  private readonly ground = new VectorSource()
  private readonly labels = new VectorSource()
  private readonly labelLayer: VectorLayer
  private masks: HTMLCanvasElement | null = null
  private readonly measures = new VectorSource()
  private readonly sketches = new VectorSource()
  private readonly cursor = new VectorSource()
  private readonly failures: FailedTiles
  private readonly measuring: Measuring
  private source: PictureSource | null = null
  private picture: Picture | null = null
  private flip = false
  private readonly attempts: Record<string, number> = {}
  private neighbours: ReadonlySet<string> = new Set()
  private smooth = true
  private shownAt = 0
  private listeners: Listeners | null = null

  constructor(
    private readonly target: HTMLElement,
    private readonly store: TileStore,
  ) {
    const over = (source: VectorSource) => {
      const layer = new VectorLayer({ source, updateWhileInteracting: true, updateWhileAnimating: true })
      // A layer without anything on it would still be a canvas as large as the stage, drawn with every slice.
      const look = () =>
        layer.setVisible(!source.isEmpty() || (source === this.labels && this.masks !== null))
      source.on('change', look)
      look()
      return layer
    }
    this.labelLayer = over(this.labels)
    this.labelLayer.on('prerender', ({ context, frameState, inversePixelTransform }) => {
      if (!(context instanceof CanvasRenderingContext2D) || !frameState || !inversePixelTransform) return
      this.drawMasks(context, inversePixelTransform, frameState.coordinateToPixelTransform)
    })
    this.map = new Map({
      target,
      controls: [],
      interactions: interactionsFor(this.tools, (...moved) => this.listeners?.windowed(...moved)),
      layers: [
        over(this.ground),
        this.layer,
        this.labelLayer,
        over(this.measures),
        over(this.sketches),
        over(this.cursor),
      ],
    })
    this.camera = new Camera(this.map, this.tools)
    this.camera.moved = (...view) => this.listeners?.moved(...view)
    this.failures = new FailedTiles(this.map, (message) => this.listeners?.failed(message))
    this.failures.retry = () => this.retry()
    this.measuring = new Measuring(this.sketches)
    this.map.addInteraction(this.measuring)
    const { fromMap } = this.camera
    this.measuring.done = (from, to) => this.listeners?.measured(fromMap(from), fromMap(to))
    this.map.on(['pointermove', 'click'], (event) => this.point(event as MapBrowserEvent))
    this.map.on('loadstart', () => this.listeners?.loading(true))
    this.map.on('rendercomplete', ({ frameState }) => {
      // A frame may end that was begun for the picture before.
      if ((frameState?.time ?? 0) >= this.shownAt) this.listeners?.loading(false)
    })
    this.map.on('moveend', () => {
      this.camera.snap()
      this.failures.forgetOthers(this.camera.level())
    })
  }

  listen(listeners: Listeners): void {
    this.listeners = listeners
  }

  /** Shows a picture; a source, and the view with it, are made anew only for another size or kind. */
  show(picture: Picture, { flip, smooth, shading, place }: Options): void {
    const before = this.picture
    const isSame = before !== null && isAlike(before, picture) && this.flip === flip
    this.picture = picture
    this.smooth = smooth
    if (isSame && this.source !== null) {
      if (this.source.getKey() !== this.key()) this.showTiles(this.isHere())
      return
    }
    const isSameSize = before?.width === picture.width && before.height === picture.height
    const begin = before === null ? place : isSameSize ? this.camera.place() : null
    this.flip = flip
    this.source = new PictureSource(picture, this.store, flip)
    this.failures.watch(this.source)
    this.showTiles()
    const ground = picture.bands.includes('alpha') ? groundFeature(picture.width, picture.height) : null
    this.ground.clear(true)
    if (ground !== null) this.ground.addFeature(ground)
    this.layer.setStyle(styleOf(picture, shading))
    this.layer.setSource(this.source)
    this.camera.begin(picture, flip, this.source.getProjection(), begin)
  }

  private content(): Content {
    return this.picture ?? { sha256: '', frame: 0 }
  }

  private attemptNow(): number {
    return this.attempts[contentKey(this.content())] ?? 0
  }

  private key(): string {
    return tilesKey(this.content(), this.smooth, this.attemptNow())
  }

  /** Whether all that is seen is in memory: it is drawn with the next frame. */
  private isHere(): boolean {
    return this.camera.seen().every((place) => this.store.peek({ ...place, ...this.content() }) !== undefined)
  }

  private showTiles(isHere = false): void {
    this.shownAt = Date.now()
    if (!isHere) this.listeners?.loading(true)
    this.giveUpOthers()
    this.failures.clear()
    this.source?.show(this.content(), this.smooth, this.attemptNow())
  }

  /** Names the contents that may be wanted next; what is fetched for any other is given up. */
  expect(neighbours: ReadonlySet<string>): void {
    this.neighbours = neighbours
    this.giveUpOthers()
  }

  private giveUpOthers(): void {
    const wanted = new Set([...this.neighbours, contentKey(this.content())])
    for (const dropped of this.store.keepOnly(wanted)) this.attempt(dropped)
  }

  private attempt(content: string): void {
    this.attempts[content] = (this.attempts[content] ?? 0) + 1
  }

  /** Asks for the tiles that failed once more. */
  retry(): void {
    this.attempt(contentKey(this.content()))
    this.showTiles()
  }

  shade(shading: Shading): void {
    this.layer.updateStyleVariables({ ...shading })
  }

  setOpacity(opacity: number): void {
    this.layer.setOpacity(opacity)
  }

  setTool(tool: Tool): void {
    this.tools.tool = tool
    this.measuring.turnOn(tool === 'measure')
  }

  /** Whether the wheel steps through slices; with Ctrl it zooms. */
  stepByWheel(steps: boolean): void {
    this.tools.wheelSteps = steps
  }

  /** While the space bar is held, dragging moves the picture. */
  holdSpace(isHeld: boolean): void {
    this.tools.isSpaceHeld = isHeld
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

  /** Gives up a line that is being drawn; whether there was one. */
  abandonMeasure(): boolean {
    return this.measuring.abandon()
  }

  drawMeasures(lines: readonly (readonly [Point, Point])[], spacing: Spacing | null): void {
    const { fromMap, toMap } = this.camera
    this.measuring.describe(fromMap, spacing)
    this.fill(this.measures, lines, (line) => measureFeature(line, toMap, spacing))
  }

  drawCursor(pixel: Point | null): void {
    this.fill(this.cursor, pixel === null ? [] : [pixel], (each) => crossFeature(each, this.camera.toMap))
  }

  private fill<T>(source: VectorSource, things: readonly T[], feature: (thing: T) => Feature): void {
    source.clear(true)
    if (this.picture !== null) source.addFeatures(things.map(feature))
  }

  private point(event: MapBrowserEvent): void {
    if (event.dragging && this.tools.tool !== 'measure') return
    const [x, y] = event.coordinate
    if (x !== undefined && y !== undefined) this.listeners?.pointed(this.camera.fromMap([x, y]))
  }

  /** The stage with everything drawn on it, as PNG. */
  png(): Promise<Blob> {
    return pngOf(this.map, this.target)
  }

  dispose(): void {
    this.listeners = null
    this.map.setTarget(undefined)
    this.layer.dispose()
    this.map.dispose()
  }
}

function sixOf([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]) {
  return [a, b, c, d, e, f] as const
}
