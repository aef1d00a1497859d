import type Feature from 'ol/Feature'
import type Layer from 'ol/layer/Layer'
import VectorLayer from 'ol/layer/Vector'
import Map from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import { disableCoordinateWarning } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import type { Place } from '../model/address'
import type { Point } from '../model/geometry'
import { type Content, contentKey, type TileStore } from '../model/tileStore'
import type { Spacing } from '../types'
import { Camera } from './Camera'
import { crossFeature, measureFeature } from './drawings'
import { FailedTiles } from './FailedTiles'
import { Measuring } from './Measuring'
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

// Pixels are no degrees, small as they may be.
disableCoordinateWarning()

/** A layer of drawings. Without anything on it it would still be a canvas as large as the stage, drawn with each frame. */
export function drawingLayer(source: VectorSource, isNeeded: () => boolean): VectorLayer {
  const layer = new VectorLayer({ source, updateWhileInteracting: true, updateWhileAnimating: true })
  const look = () => layer.setVisible(isNeeded())
  source.on('change', look)
  look()
  return layer
}

/**
 * What the stages of all modalities share: one map for as long as the viewer is open, its camera and tools, measures,
 * the keyboard's cursor, and what is said of tiles that fail. What it shows, and how, is for those that extend it.
 */
export abstract class StageMap {
  readonly tools: ToolState = { tool: 'pan', isSpaceHeld: false, wheelSteps: false, isFitted: true }
  readonly camera: Camera
  protected readonly map: Map
  protected readonly failures: FailedTiles
  protected listeners: Listeners | null = null
  private readonly measures = new VectorSource()
  private readonly sketches = new VectorSource()
  private readonly cursor = new VectorSource()
  private readonly measuring: Measuring
  private readonly attempts: Record<string, number> = {}
  private neighbours: ReadonlySet<string> = new Set()
  private shownAt = 0

  constructor(
    private readonly target: HTMLElement,
    protected readonly store: TileStore,
  ) {
    const over = (source: VectorSource) => drawingLayer(source, () => !source.isEmpty())
    this.map = new Map({
      target,
      controls: [],
      interactions: interactionsFor(this.tools, (...moved) => this.listeners?.windowed(...moved)),
      layers: [],
    })
    const drawings = [this.measures, this.sketches, this.cursor].map(over)
    // Above whatever is shown below them.
    drawings.forEach((layer, index) => layer.setZIndex(1000 + index))
    for (const layer of drawings) this.map.addLayer(layer)
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

  /** What is shown now. */
  protected abstract contents(): readonly Content[]

  /** Asks for the tiles of what is shown again, where they are others than those that are drawn. */
  protected abstract askForTiles(): void

  listen(listeners: Listeners): void {
    this.listeners = listeners
  }

  /** Puts layers below the drawings, the first one lowest. */
  protected addLayers(...layers: Layer[]): void {
    for (const layer of layers) this.map.addLayer(layer)
  }

  protected attemptOf(content: Content): number {
    return this.attempts[contentKey(content)] ?? 0
  }

  /** Other contents are shown from now on; `isHere` when nothing has to be waited for. */
  protected begin(isHere: boolean): void {
    this.shownAt = Date.now()
    if (!isHere) this.listeners?.loading(true)
    this.giveUpOthers()
    this.failures.clear()
  }

  /** Names the contents that may be wanted next; what is fetched for any other is given up. */
  expect(neighbours: ReadonlySet<string>): void {
    this.neighbours = neighbours
    this.giveUpOthers()
  }

  private giveUpOthers(): void {
    const wanted = new Set([...this.neighbours, ...this.contents().map(contentKey)])
    for (const dropped of this.store.keepOnly(wanted)) this.attempt(dropped)
  }

  private attempt(content: string): void {
    this.attempts[content] = (this.attempts[content] ?? 0) + 1
  }

  /** Asks for the tiles that failed once more. */
  retry(): void {
    for (const content of this.contents()) this.attempt(contentKey(content))
    this.begin(false)
    this.askForTiles()
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

  protected fill<T>(source: VectorSource, things: readonly T[], feature: (thing: T) => Feature): void {
    source.clear(true)
    if (this.contents().length > 0) source.addFeatures(things.map(feature))
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
    for (const layer of this.map.getLayers().getArray()) layer.dispose()
    this.map.dispose()
  }
}
