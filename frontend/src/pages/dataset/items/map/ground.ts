import Feature from 'ol/Feature'
import TopoJSON from 'ol/format/TopoJSON'
import MultiPolygon from 'ol/geom/MultiPolygon'
import Polygon from 'ol/geom/Polygon'
import Graticule from 'ol/layer/Graticule'
import type BaseLayer from 'ol/layer/Base'
import VectorLayer from 'ol/layer/Vector'
import type Projection from 'ol/proj/Projection'
import VectorSource from 'ol/source/Vector'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import outlines from 'world-atlas/countries-50m.json?url'
import { gridText } from './model/bounds'
import { copies, type Rings } from './model/rings'
import { lineText, type Paint } from './paint'

export interface Ground {
  layers: BaseLayer[]
  /** The countries, each with its `name`. */
  countries: VectorSource
  repaint: (paint: Paint) => void
}

/** Countries from a file of this server, and lines of latitude and longitude over them. */
export function groundLayers(paint: Paint): Ground {
  const source = countrySource()
  const countries = new VectorLayer({ source, zIndex: 0 })
  const grid = new Graticule({
    showLabels: true,
    wrapX: true,
    strokeStyle: new Stroke({ color: paint.grid, width: 1 }),
    lonLabelStyle: lineText(paint, 'center'),
    latLabelStyle: lineText(paint, 'start'),
    lonLabelFormatter: (longitude) => gridText(longitude, 'E', 'W'),
    latLabelFormatter: (latitude) => gridText(latitude, 'N', 'S'),
    lonLabelPosition: 0.06,
    latLabelPosition: 0.05,
    targetSize: 150,
    zIndex: 0,
  })
  const repaint = (now: Paint) => {
    countries.setStyle(
      new Style({ fill: new Fill({ color: now.land }), stroke: new Stroke({ color: now.border, width: 1 }) }),
    )
  }
  return { layers: [countries, grid], countries: source, repaint }
}

function countrySource(): VectorSource {
  const source: VectorSource = new VectorSource({
    loader: (extent, _resolution, projection, succeed, fail) => {
      countriesIn(projection).then(
        (features) => {
          source.addFeatures(features)
          succeed?.(features)
        },
        () => {
          // The chips are seen without the outlines, too; another move asks again.
          source.removeLoadedExtent(extent)
          fail?.()
        },
      )
    },
  })
  return source
}

async function countriesIn(projection: Projection): Promise<Feature[]> {
  const answer = await fetch(outlines)
  const features = new TopoJSON({ layers: ['countries'] }).readFeatures(await answer.json())
  return features.map((feature) => {
    const geometry = feature.getGeometry()
    const polygons =
      geometry instanceof MultiPolygon
        ? geometry.getCoordinates()
        : geometry instanceof Polygon
          ? [geometry.getCoordinates()]
          : []
    const flat = new MultiPolygon(polygons.flatMap((each: Rings) => copies(each) as number[][][][]))
    return new Feature({
      geometry: flat.transform('EPSG:4326', projection),
      name: String(feature.get('name')),
    })
  })
}
