import Feature, { type FeatureLike } from 'ol/Feature'
import { click, platformModifierKeyOnly, shiftKeyOnly } from 'ol/events/condition'
import { containsCoordinate, getCenter, getWidth } from 'ol/extent'
import GeoJSON from 'ol/format/GeoJSON'
import Point from 'ol/geom/Point'
import DragBox from 'ol/interaction/DragBox'
import { defaults } from 'ol/interaction/defaults'
import TileLayer from 'ol/layer/Tile'
import VectorLayer from 'ol/layer/Vector'
import Map from 'ol/Map'
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import XYZ from 'ol/source/XYZ'
import ScaleLine from 'ol/control/ScaleLine'
import View from 'ol/View'
import { clusterStyle, isTiny, pointStyle, stackOf, tinyLayer, within } from './clusters'
import { footprintStyle } from './footprintStyle'
import { type Ground, groundLayers } from './ground'
import { type Box, boxOf, type Camera, visible } from './model/bounds'
import type { Chip, Stack } from './model/stacks'
import { Inset } from './Inset'
import type { Listeners, Places } from './listeners'
import type { Paint } from './paint'
import type { Footprints } from './types'

const MERCATOR = 'EPSG:3857'
const DEGREES = 'EPSG:4326'
const READER = new GeoJSON({ featureProjection: MERCATOR })
/** Room around what is shown whole: for the country at the right, what is told below, and the tools. */
const MARGIN = [28, 142, 56, 72]
const NARROW_MARGIN = [24, 24, 72, 24]
const NARROW = 640
const MOST_TILES = 19
/** Chips narrower than this on the page are outlines, wider ones pictures. */
const LEAST_PICTURE = 28
const MOST_ZOOM = 22

/** The map of items: their footprints over country outlines that need no network. */
export class ChipMap {
  private readonly map: Map
  private readonly chips = new VectorSource()
  private readonly clusters = new VectorSource()
  private readonly chipLayer: VectorLayer
  private readonly tinyLayer: VectorLayer
  private readonly clusterLayer: VectorLayer
  private readonly pictures = new TileLayer({ visible: false, zIndex: 1 })
  private readonly box: DragBox
  private readonly ground: Ground
  private readonly inset: Inset
  private listeners: Listeners | null = null
  private arePicturesOn = true
  private isDrawing = false
  private pressed: string | null = null
  private isSelected: (key: string) => boolean = () => false

  constructor(
    private readonly places: Places,
    paint: Paint,
  ) {
    this.ground = groundLayers(paint)
    this.chipLayer = new VectorLayer({ source: this.chips, zIndex: 2 })
    this.tinyLayer = tinyLayer(this.chips, () => this.resolution())
    this.clusterLayer = new VectorLayer({ source: this.clusters, zIndex: 3 })
    this.map = new Map({
      target: places.canvas,
      controls: [new ScaleLine({ className: 'map-scale', minWidth: 70, target: places.scale })],
      interactions: defaults({ shiftDragZoom: false, altShiftDragRotate: false, pinchRotate: false }),
      layers: [...this.ground.layers, this.pictures, this.chipLayer, this.tinyLayer, this.clusterLayer],
      view: new View({
        projection: MERCATOR,
        center: [0, 0],
        zoom: 1,
        maxZoom: MOST_ZOOM,
        enableRotation: false,
      }),
    })
    this.inset = new Inset(places.corner, this.ground.countries, paint)
    this.box = new DragBox({
      className: 'map-box',
      condition: (event) => shiftKeyOnly(event) || (this.isDrawing && !platformModifierKeyOnly(event)),
    })
    this.map.addInteraction(this.box)
    this.repaint(paint)
    this.follow()
  }

  private resolution(): number {
    return this.map.getView().getResolution() ?? 1
  }

  private follow(): void {
    this.map.on('moveend', () => this.rest())
    this.map.on('postrender', () => this.place())
    this.map.on('loadstart', () => this.say(true))
    this.map.on('rendercomplete', () => this.say(false))
    this.map.on('click', (event) => {
      if (click(event)) this.press(event.pixel, event.originalEvent as PointerEvent)
    })
    this.map.on('pointermove', ({ dragging, pixel }) => {
      if (dragging) return
      const isOver = this.map.hasFeatureAtPixel(pixel, { layerFilter: (layer) => this.isOurs(layer) })
      this.places.canvas.style.cursor = isOver ? 'pointer' : ''
    })
    this.box.on('boxend', () => {
      const extent = this.box.getGeometry().getExtent()
      const keys: string[] = []
      this.chips.forEachFeatureIntersectingExtent(extent, (feature) => {
        keys.push(...stackOf(feature).chips.map(({ key }) => key))
      })
      this.listeners?.selected(keys, boxOf(transformExtent(extent, MERCATOR, DEGREES)))
    })
  }

  private rest(): void {
    this.listeners?.moved(this.seen(), this.camera())
    this.look()
    this.place()
    const center = this.map.getView().getCenter() ?? [0, 0]
    this.inset.show(center, this.resolution() * (this.map.getSize()?.[0] ?? 0))
  }

  private say(isBusy: boolean): void {
    this.places.canvas.setAttribute('aria-busy', String(isBusy))
  }

  private isOurs(layer: unknown): boolean {
    return layer === this.chipLayer || layer === this.tinyLayer || layer === this.clusterLayer
  }

  private press(pixel: number[], { shiftKey, ctrlKey, metaKey }: PointerEvent): void {
    const found = this.map.forEachFeatureAtPixel(pixel, (feature, layer) => ({ feature, layer }), {
      layerFilter: (layer) => this.isOurs(layer),
      hitTolerance: 3,
    })
    if (found?.layer === this.clusterLayer) this.show(found.feature.get('box') as Box)
    else if (found?.layer === this.tinyLayer && !within(found.feature).isOne)
      this.showExtent(within(found.feature).extent)
    else
      this.listeners?.pressed(
        found === undefined ? [] : chipsOf(found.feature).map(({ key }) => key),
        shiftKey || ctrlKey || metaKey,
      )
  }

  listen(listeners: Listeners): void {
    const isFirst = this.listeners === null
    this.listeners = listeners
    // The map may have come to rest before anybody listened.
    if (isFirst && this.map.isRendered()) this.rest()
  }

  /** The chips of what is seen, or the clusters that stand for them. */
  fill(stacks: readonly Stack[], { clusters }: Footprints): void {
    this.chips.clear(true)
    this.chips.addFeatures(stacks.map(stackFeature))
    this.clusters.clear(true)
    this.clusters.addFeatures(clusters.map(clusterFeature))
    this.look()
  }

  repaint(paint: Paint): void {
    this.ground.repaint(paint)
    this.chipLayer.setStyle((feature, resolution) => {
      if (isTiny(feature, resolution)) return
      return footprintStyle(paint, chipsOf(feature), {
        ...this.howOf(chipsOf(feature)),
        hasPicture: this.pictures.getVisible(),
      })
    })
    this.tinyLayer.setStyle((feature) => pointStyle(paint, chipsOf(feature), this.howOf(chipsOf(feature))))
    this.clusterLayer.setStyle((feature) => clusterStyle(paint, Number(feature.get('items'))))
  }

  private howOf(chips: readonly Chip[]) {
    return {
      isSelected: chips.some(({ key }) => this.isSelected(key)),
      isPressed: chips.some(({ key }) => key === this.pressed),
    }
  }

  /** Pictures of the chips in their place, from an address with {z}, {x} and {y}; null: outlines alone. */
  setPictures(address: string | null): void {
    this.arePicturesOn = address !== null
    if (address !== null)
      this.pictures.setSource(new XYZ({ url: address, maxZoom: MOST_TILES, transition: 0 }))
    this.look()
  }

  /** Pictures are shown where they can be recognised, and where chips stand one by one. */
  private look(): void {
    const [first] = this.chips.getFeatures()
    const extent = first?.getGeometry()?.getExtent()
    const wide = extent === undefined ? 0 : getWidth(extent) / this.resolution()
    this.pictures.setVisible(this.arePicturesOn && wide >= LEAST_PICTURE)
    this.change()
  }

  private change(): void {
    this.chipLayer.changed()
    this.tinyLayer.changed()
  }

  /** Whether dragging draws a rectangle; with Shift it always does. */
  draw(isDrawing: boolean): void {
    this.isDrawing = isDrawing
  }

  mark(isSelected: (key: string) => boolean, pressed: string | null): void {
    this.isSelected = isSelected
    this.pressed = pressed
    this.change()
    this.place()
  }

  private centerOf(key: string): number[] | null {
    const isIt = (feature: Feature) => stackOf(feature).chips.some((chip) => chip.key === key)
    const extent = this.chips.getFeatures().find(isIt)?.getGeometry()?.getExtent()
    return extent === undefined ? null : getCenter(extent)
  }

  /** Moves to a chip that is known and lies beside what is seen. */
  reveal(key: string): void {
    const [center, view] = [this.centerOf(key), this.map.getView()]
    const seen = view.calculateExtent(this.map.getSize())
    if (center !== null && !containsCoordinate(seen, center)) view.setCenter(center)
  }

  private place(): void {
    if (this.pressed === null) return
    const center = this.centerOf(this.pressed)
    const [x, y] = center === null ? [] : ((this.map.getPixelFromCoordinate(center) as number[] | null) ?? [])
    const [width = 0, height = 0] = this.map.getSize() ?? []
    const isSeen = x !== undefined && y !== undefined && x >= 0 && y >= 0 && x <= width && y <= height
    this.listeners?.placed(isSeen ? [x, y] : null)
  }

  show(box: Box): void {
    this.showExtent(transformExtent([...visible(box)], DEGREES, MERCATOR))
  }

  private showExtent(extent: number[]): void {
    const [width = 0] = this.map.getSize() ?? []
    const padding = width < NARROW ? NARROW_MARGIN : MARGIN
    this.map.getView().fit(extent, { padding, maxZoom: MOST_TILES })
  }

  goTo({ longitude, latitude, zoom }: Camera): void {
    this.map.getView().setCenter(fromLonLat([longitude, latitude]))
    this.map.getView().setZoom(zoom)
  }

  zoomBy(steps: number): void {
    const view = this.map.getView()
    view.animate({ zoom: (view.getZoom() ?? 1) + steps, duration: 120 })
  }

  private camera(): Camera {
    const view = this.map.getView()
    const [longitude = 0, latitude = 0] = toLonLat(view.getCenter() ?? [0, 0])
    return { longitude, latitude, zoom: view.getZoom() ?? 1 }
  }

  private seen(): Box {
    const extent = this.map.getView().calculateExtent(this.map.getSize())
    return boxOf(transformExtent(extent, MERCATOR, DEGREES))
  }

  dispose(): void {
    this.listeners = null
    this.inset.dispose()
    this.map.setTarget(undefined)
    this.map.dispose()
  }
}

function stackFeature(stack: Stack): Feature {
  const feature = new Feature({ stack })
  feature.setGeometry(READER.readGeometry(stack.outline) ?? undefined)
  return feature
}

function clusterFeature({ items, bbox }: Footprints['clusters'][number]): Feature {
  const box = visible(boxOf(bbox))
  const [x = 0, y = 0] = getCenter(transformExtent([...box], DEGREES, MERCATOR))
  return new Feature({ geometry: new Point([x, y]), items, box })
}

/** The chips of a frame, or of a point that stands for several. */
function chipsOf(feature: FeatureLike): readonly Chip[] {
  return feature.get('features') === undefined ? stackOf(feature).chips : within(feature).chips
}
