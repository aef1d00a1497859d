import type LineString from 'ol/geom/LineString'
import Draw from 'ol/interaction/Draw'
import type Map from 'ol/Map'
import type { Point } from '../model/geometry'
import { measureStyle } from './drawings'

/** Drawing of a line with two ends, whose length is told while it is drawn. */
export class Measuring {
  done: (from: Point, to: Point) => void = () => undefined
  private readonly draw: Draw
  private ends: (from: Point, to: Point) => [Point, Point] = (from, to) => [from, to]
  private spacing: readonly [number, number] | null = null

  constructor(map: Map) {
    this.draw = new Draw({
      type: 'LineString',
      maxPoints: 2,
      stopClick: true,
      condition: ({ originalEvent }) => (originalEvent as PointerEvent).button === 0,
      style: (feature) => {
        const line = endsOf(feature.getGeometry() as LineString)
        return line === null ? [] : measureStyle(...this.ends(...line), this.spacing)
      },
    })
    this.draw.setActive(false)
    // The finished line is kept by the page, which draws it again with all others.
    this.draw.on('drawend', ({ feature }) => {
      const line = endsOf(feature.getGeometry() as LineString)
      if (line !== null) this.done(...line)
    })
    map.addInteraction(this.draw)
  }

  setActive(isActive: boolean): void {
    this.draw.abortDrawing()
    this.draw.setActive(isActive)
  }

  /** How points of the map are told in the picture, and what a pixel measures. */
  describe(
    ends: (from: Point, to: Point) => [Point, Point],
    spacing: readonly [number, number] | null,
  ): void {
    this.ends = ends
    this.spacing = spacing
  }
}

function endsOf(line: LineString): [Point, Point] | null {
  // The sketch has points, too, for the pointer itself.
  if (line.getType() !== 'LineString') return null
  const [from, to] = line.getCoordinates()
  if (from === undefined || to === undefined) return null
  return [
    [from[0] ?? 0, from[1] ?? 0],
    [to[0] ?? 0, to[1] ?? 0],
  ]
}
