import type { Coordinate } from 'ol/coordinate'
import { getCenter, getHeight, getWidth } from 'ol/extent'
import Feature from 'ol/Feature'
import type MultiPolygon from 'ol/geom/MultiPolygon'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import Map from 'ol/Map'
import VectorSource from 'ol/source/Vector'
import CircleStyle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import View from 'ol/View'
import { type Paint, tint } from './paint'

/** Metres of Mercator's map that are seen at once, from which it tells by itself where on earth it is. */
const TELLS_ITSELF = 1_500_000
const LEAST_AROUND = 250_000

/** Where on earth the map is, as a country with a point: what is near shows no outline of its own. */
export class Inset {
  private readonly map: Map
  private readonly here = new Feature(new Point([0, 0]))
  private readonly countries: VectorLayer
  private country: Feature | undefined
  private last: readonly [Coordinate, number] | null = null
  private readonly again = () => {
    if (this.last !== null) this.show(...this.last)
  }

  constructor(
    private readonly corner: HTMLElement,
    private readonly source: VectorSource,
    paint: Paint,
  ) {
    const [canvas, name] = [document.createElement('div'), document.createElement('span')]
    corner.replaceChildren(canvas, name)
    const line = new Stroke({ color: paint.border, width: 1 })
    this.countries = new VectorLayer({
      source,
      style: (feature) =>
        new Style({
          fill: new Fill({ color: feature === this.country ? tint(paint.accent, 0.16) : paint.land }),
          stroke: feature === this.country ? new Stroke({ color: paint.accent, width: 1 }) : line,
        }),
    })
    const mark = new Style({
      image: new CircleStyle({
        radius: 5,
        fill: new Fill({ color: paint.accent }),
        stroke: new Stroke({ color: paint.surface, width: 2 }),
      }),
    })
    this.map = new Map({
      target: canvas,
      controls: [],
      interactions: [],
      layers: [
        this.countries,
        new VectorLayer({ source: new VectorSource({ features: [this.here] }), style: mark }),
      ],
      view: new View({ projection: 'EPSG:3857', center: [0, 0], zoom: 1 }),
    })
    source.on('featuresloadend', this.again)
  }

  /** What lies in the middle of a map that shows so many metres from left to right. */
  show(center: Coordinate, across: number): void {
    this.last = [center, across]
    const isNeeded = across > 0 && across < TELLS_ITSELF
    const before = this.country
    this.country = isNeeded ? this.source.getFeaturesAtCoordinate(center)[0] : undefined
    this.corner.hidden = !isNeeded
    const name = this.corner.lastElementChild
    if (name !== null) name.textContent = (this.country?.get('name') as string | undefined) ?? 'Open sea'
    if (!isNeeded) return
    this.map.updateSize()
    this.here.getGeometry()?.setCoordinates(center)
    if (this.country !== before) this.countries.changed()
    const around = extentAround(this.country, center)
    this.map.getView().setCenter(getCenter(around))
    const [width = 1, height = 1] = this.map.getSize() ?? []
    this.map
      .getView()
      .setResolution(
        1.25 * Math.max(getWidth(around) / Math.max(1, width), getHeight(around) / Math.max(1, height)),
      )
  }

  dispose(): void {
    this.source.un('featuresloadend', this.again)
    this.map.setTarget(undefined)
    this.map.dispose()
    this.corner.replaceChildren()
  }
}

/** The piece of the country where the point is, which may have others oceans away; a piece of sea without a country. */
function extentAround(country: Feature | undefined, center: Coordinate): number[] {
  const [x = 0, y = 0] = center
  const pieces = (country?.getGeometry() as MultiPolygon | undefined)?.getPolygons() ?? []
  const piece = pieces.find((each) => each.intersectsCoordinate(center))?.getExtent()
  const [west = x, south = y, east = x, north = y] = piece ?? []
  return [
    Math.min(west, x - LEAST_AROUND),
    Math.min(south, y - LEAST_AROUND),
    Math.max(east, x + LEAST_AROUND),
    Math.max(north, y + LEAST_AROUND),
  ]
}
