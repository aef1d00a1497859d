import type { FeatureLike } from 'ol/Feature'
import type Feature from 'ol/Feature'
import { click, platformModifierKeyOnly, shiftKeyOnly } from 'ol/events/condition'
import { getCenter } from 'ol/extent'
import GeoJSON from 'ol/format/GeoJSON'
import PointGeometry from 'ol/geom/Point'
import OlFeature from 'ol/Feature'
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
import { type Ground, groundLayers } from './ground'
import { type Box, type Camera, visible } from './model/bounds'
import { clusterStyle, footprintStyle, type Paint } from './paint'
import type { Footprints } from './types'

export interface Listeners {
  /** The view came to rest. */
  moved: (box: Box, camera: Camera) => void
  /** A chip was pressed, or the ground beside all of them; `isAdding` with Shift or Ctrl. */
  pressed: (key: string | null, isAdding: boolean) => void
  /** A rectangle was drawn; the keys of the chips that meet it, of those that are on the map. */
  selected: (keys: string[], box: Box) => void
  /** Where the pressed chip is on the page; null: not in view. */
  placed: (pixel: readonly [number, number] | null) => void
  /** Nothing is being drawn or fetched. */
  rested: () => void
}

const MERCATOR = 'EPSG:3857'
const DEGREES = 'EPSG:4326'
const MARGIN = 48
const CLOSEST = 19
/** Chips narrower than this on the page are outlines, wider ones pictures. */
const LEAST_PICTURE = 28
const MOST_ZOOM = 22

/** The map of items: their footprints over country outlines that need no network. */
export class ChipMap {
  private readonly map: Map
  private readonly chips = new VectorSource()
  private readonly clusters = new VectorSource()
  private readonly chipLayer: VectorLayer
  private readonly clusterLayer: VectorLayer
  private readonly pictures = new TileLayer({ visible: false, zIndex: 1 })
  private readonly box: DragBox
  private readonly ground: Ground
  private listeners: Listeners | null = null
  private arePicturesOn = true
  private isDrawing = false
  private pressed: string | null = null
  private isSelected: (key: string) => boolean = () => false

  constructor(
    private readonly target: HTMLElement,
    paint: Paint,
  ) {
    this.ground = groundLayers(paint)
    this.chipLayer = new VectorLayer({ source: this.chips, zIndex: 2 })
    this.clusterLayer = new VectorLayer({ source: this.clusters, zIndex: 3 })
    this.map = new Map({
      target,
      controls: [new ScaleLine({ className: 'map-scale', minWidth: 70 })],
      interactions: defaults({ shiftDragZoom: false, altShiftDragRotate: false, pinchRotate: false }),
      layers: [...this.ground.layers, this.pictures, this.chipLayer, this.clusterLayer],
      view: new View({
        projection: MERCATOR,
        center: [0, 0],
        zoom: 1,
        maxZoom: MOST_ZOOM,
        enableRotation: false,
      }),
    })
    this.box = new DragBox({
      className: 'map-box',
      condition: (event) => shiftKeyOnly(event) || (this.isDrawing && !platformModifierKeyOnly(event)),
    })
    this.map.addInteraction(this.box)
    this.repaint(paint)
    this.follow()
  }

  private follow(): void {
    this.map.on('moveend', () => {
      this.listeners?.moved(this.seen(), this.camera())
      this.look()
      this.place()
    })
    this.map.on('postrender', () => this.place())
    this.map.on('rendercomplete', () => this.listeners?.rested())
    this.map.on('click', (event) => {
      if (click(event)) this.press(event.pixel, event.originalEvent as PointerEvent)
    })
    this.map.on('pointermove', ({ dragging, pixel }) => {
      if (dragging) return
      const isOver = this.map.hasFeatureAtPixel(pixel, { layerFilter: (layer) => this.isOurs(layer) })
      this.target.style.cursor = isOver ? 'pointer' : ''
    })
    this.box.on('boxend', () => {
      const extent = this.box.getGeometry().getExtent()
      const keys: string[] = []
      this.chips.forEachFeatureIntersectingExtent(extent, (feature) => {
        keys.push(keyOf(feature))
      })
      this.listeners?.selected(keys, boxOf(transformExtent(extent, MERCATOR, DEGREES)))
    })
  }

  private isOurs(layer: unknown): boolean {
    return layer === this.chipLayer || layer === this.clusterLayer
  }

  private press(pixel: number[], { shiftKey, ctrlKey, metaKey }: PointerEvent): void {
    const found = this.map.forEachFeatureAtPixel(
      pixel,
      (feature, layer) => ({ feature, isCluster: layer === this.clusterLayer }),
      { layerFilter: (layer) => this.isOurs(layer), hitTolerance: 3 },
    )
    if (found?.isCluster === true) this.show(found.feature.get('box') as Box)
    else
      this.listeners?.pressed(
        found === undefined ? null : keyOf(found.feature),
        shiftKey || ctrlKey || metaKey,
      )
  }

  listen(listeners: Listeners): void {
    this.listeners = listeners
  }

  /** The chips of what is seen, or the clusters that stand for them. */
  fill({ features, clusters }: Footprints): void {
    const reader = new GeoJSON({ featureProjection: MERCATOR })
    this.chips.clear(true)
    this.chips.addFeatures(reader.readFeatures({ type: 'FeatureCollection', features }))
    this.clusters.clear(true)
    this.clusters.addFeatures(
      clusters.map(({ items, bbox }) => {
        const box = visible(boxOf(bbox))
        const [x = 0, y = 0] = getCenter(transformExtent([...box], DEGREES, MERCATOR))
        return new OlFeature({ geometry: new PointGeometry([x, y]), items, box })
      }),
    )
    this.look()
  }

  repaint(paint: Paint): void {
    this.ground.repaint(paint)
    this.chipLayer.setStyle((feature) =>
      footprintStyle(paint, feature, {
        isSelected: this.isSelected(keyOf(feature)),
        isPressed: keyOf(feature) === this.pressed,
        isEmpty: this.pictures.getVisible(),
      }),
    )
    this.clusterLayer.setStyle((feature) => clusterStyle(paint, Number(feature.get('items'))))
  }

  /** Pictures of the chips in their place, from an address with {z}, {x} and {y}; null: outlines alone. */
  setPictures(address: string | null): void {
    this.arePicturesOn = address !== null
    if (address !== null) this.pictures.setSource(new XYZ({ url: address, maxZoom: CLOSEST, transition: 0 }))
    this.look()
  }

  /** Pictures are shown where they can be recognised, and where chips stand one by one. */
  private look(): void {
    const [first] = this.chips.getFeatures()
    const [west = 0, , east = 0] = first?.getGeometry()?.getExtent() ?? []
    const wide = (east - west) / (this.map.getView().getResolution() ?? 1)
    this.pictures.setVisible(this.arePicturesOn && wide >= LEAST_PICTURE)
    this.chipLayer.changed()
  }

  /** Whether dragging draws a rectangle; with Shift it always does. */
  draw(isDrawing: boolean): void {
    this.isDrawing = isDrawing
  }

  mark(isSelected: (key: string) => boolean, pressed: string | null): void {
    this.isSelected = isSelected
    this.pressed = pressed
    this.chipLayer.changed()
    this.place()
  }

  private place(): void {
    if (this.pressed === null) return
    const feature = this.chips.getFeatures().find((each) => keyOf(each) === this.pressed)
    const extent = feature?.getGeometry()?.getExtent()
    const [x, y] =
      extent === undefined
        ? []
        : ((this.map.getPixelFromCoordinate(getCenter(extent)) as number[] | null) ?? [])
    this.listeners?.placed(x === undefined || y === undefined ? null : [x, y])
  }

  show(box: Box): void {
    const extent = transformExtent([...visible(box)], DEGREES, MERCATOR)
    this.map.getView().fit(extent, { padding: [MARGIN, MARGIN, MARGIN, MARGIN], maxZoom: 16 })
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
    this.map.setTarget(undefined)
    this.map.dispose()
  }
}

function boxOf([west = 0, south = 0, east = 0, north = 0]: readonly number[]): Box {
  return [west, south, east, north]
}

function keyOf(feature: FeatureLike | Feature): string {
  return String(feature.get('key'))
}
