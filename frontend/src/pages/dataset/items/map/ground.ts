import TopoJSON from 'ol/format/TopoJSON'
import Graticule from 'ol/layer/Graticule'
import type BaseLayer from 'ol/layer/Base'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import outlines from 'world-atlas/countries-50m.json?url'
import { gridText, type Paint } from './paint'

export interface Ground {
  layers: BaseLayer[]
  repaint: (paint: Paint) => void
}

/** Countries from a file of this server, and lines of latitude and longitude over them. */
export function groundLayers(paint: Paint): Ground {
  const countries = new VectorLayer({
    source: new VectorSource({
      url: outlines,
      format: new TopoJSON({ layers: ['countries'] }),
      attributions: [],
    }),
    zIndex: 0,
  })
  const grid = new Graticule({
    showLabels: true,
    wrapX: true,
    strokeStyle: strokeOf(paint),
    lonLabelStyle: gridText(paint),
    latLabelStyle: gridText(paint),
    lonLabelPosition: 0.02,
    latLabelPosition: 0.995,
    targetSize: 140,
    zIndex: 0,
  })
  const repaint = (now: Paint) => {
    countries.setStyle(
      new Style({ fill: new Fill({ color: now.land }), stroke: new Stroke({ color: now.border, width: 1 }) }),
    )
  }
  return { layers: [countries, grid], repaint }
}

function strokeOf(paint: Paint): Stroke {
  return new Stroke({ color: paint.grid, width: 1 })
}
