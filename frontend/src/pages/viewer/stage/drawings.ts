import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import PointGeometry from 'ol/geom/Point'
import Polygon, { fromExtent } from 'ol/geom/Polygon'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { lengthOf, lengthText, type Point } from '../model/geometry'
import type { Spacing } from '../types'

/** A mark to draw, in the picture's pixels: an outline that is closed, a line, or a point. */
export interface Mark {
  form: 'area' | 'line' | 'point'
  points: readonly Point[]
  /** #rrggbb */
  color: string
  /** 0 to 1 */
  opacity: number
  isFilled: boolean
  isDashed: boolean
  /** It stands for something that is not drawn itself. */
  isThin: boolean
}

export type ToMap = (point: Point) => Point

const CASING = '#0b0d10'
const CASING_OPACITY = 0.42
const FILL_OPACITY = 0.28
const CHECK = 8
/** Half the width of the cross of a point, in pixels of the page. */
const POINT = 7
const MEASURE = '#f0e442'

/** "#56b4e9" with an opacity, as a canvas takes it. */
export function rgba(color: string, opacity: number): string {
  const value = Number.parseInt(color.slice(1), 16)
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`
}

/** A mark in its colour on a dark casing. Square ends make boxes without a size visible. */
export function featureOf(mark: Mark, toMap: ToMap): Feature {
  if (mark.form === 'point') return pointFeature(mark, toMap)
  const points = mark.points.map((point) => [...toMap(point)])
  const feature = new Feature(mark.form === 'line' ? new LineString(points) : new Polygon([points]))
  const ends = { lineCap: 'square', lineJoin: 'miter' } as const
  const line = new Stroke({
    ...ends,
    color: rgba(mark.color, mark.opacity),
    width: mark.isThin ? 1 : 2,
    ...(mark.isDashed ? { lineDash: [6, 5] } : {}),
  })
  const casing = new Stroke({
    ...ends,
    color: rgba(CASING, CASING_OPACITY * mark.opacity),
    width: mark.isThin ? 2.5 : 4,
  })
  const fill = mark.isFilled
    ? { fill: new Fill({ color: rgba(mark.color, FILL_OPACITY * mark.opacity) }) }
    : {}
  feature.setStyle([new Style({ stroke: casing }), new Style({ stroke: line, ...fill })])
  return feature
}

/** A cross in its colour on a dark casing, as large on every zoom. */
function pointFeature({ points: [at = [0, 0]], color, opacity }: Mark, toMap: ToMap): Feature {
  const feature = new Feature(new PointGeometry([...toMap(at)]))
  const cross = (stroke: string, width: number) =>
    new Style({
      image: new RegularShape({
        points: 4,
        radius: POINT,
        radius2: 0,
        stroke: new Stroke({ color: stroke, width }),
      }),
    })
  feature.setStyle([cross(rgba(CASING, 0.7 * opacity), 5), cross(rgba(color, opacity), 2.5)])
  return feature
}

/** A measured line with its length beside the middle. */
export function measureStyle(from: Point, to: Point, spacing: Spacing | null): Style[] {
  const text = new Text({
    text: lengthText(lengthOf(from, to, spacing)),
    font: '600 12px "Inter Variable", sans-serif',
    fill: new Fill({ color: MEASURE }),
    backgroundFill: new Fill({ color: rgba(CASING, 0.78) }),
    padding: [3, 6, 2, 6],
    offsetY: -14,
    overflow: true,
  })
  return [
    new Style({ stroke: new Stroke({ color: rgba(CASING, 0.7), width: 4 }) }),
    new Style({ stroke: new Stroke({ color: MEASURE, width: 2 }), text }),
  ]
}

export function measureFeature(
  [from, to]: readonly [Point, Point],
  toMap: ToMap,
  spacing: Spacing | null,
): Feature {
  const feature = new Feature(new LineString([[...toMap(from)], [...toMap(to)]]))
  feature.setStyle(measureStyle(from, to, spacing))
  return feature
}

/** A chequered ground below a picture that lets it through. */
export function groundFeature(width: number, height: number): Feature | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = CHECK * 2
  const context = canvas.getContext('2d')
  const style = getComputedStyle(document.querySelector('.viewer-root') ?? document.documentElement)
  if (context === null) return null
  const square = (token: string, x: number, y: number, side: number) => {
    context.fillStyle = style.getPropertyValue(token)
    context.fillRect(x, y, side, side)
  }
  square('--check-a', 0, 0, CHECK * 2)
  square('--check-b', 0, 0, CHECK)
  square('--check-b', CHECK, CHECK, CHECK)
  const feature = new Feature(fromExtent([0, 0, width, height]))
  const pattern = context.createPattern(canvas, 'repeat')
  if (pattern !== null) feature.setStyle(new Style({ fill: new Fill({ color: pattern }) }))
  return feature
}

/** The cross of the keyboard's cursor, on the middle of a pixel. */
export function crossFeature([x, y]: Point, toMap: ToMap): Feature {
  const feature = new Feature(new PointGeometry([...toMap([x + 0.5, y + 0.5])]))
  const cross = (color: string, width: number) =>
    new Style({
      image: new RegularShape({ points: 4, radius: 9, radius2: 0, stroke: new Stroke({ color, width }) }),
    })
  feature.setStyle([cross(rgba(CASING, 0.8), 3.5), cross('#ffffff', 1.5)])
  return feature
}
