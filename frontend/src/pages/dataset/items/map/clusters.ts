import type Feature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import { boundingExtent, getCenter, getHeight, getWidth } from 'ol/extent'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import type { State } from 'ol/render'
import Cluster from 'ol/source/Cluster'
import type VectorSource from 'ol/source/Vector'
import Style from 'ol/style/Style'
import { count } from '@/parts/format'
import { type Chip, shares, type Stack } from './model/stacks'
import { colorOf, FONT, type Paint } from './paint'

/** Chips narrower than this on the page cannot be told apart, nor pressed. */
const LEAST = 14
const APART = 34

export function isTiny(feature: FeatureLike, resolution: number): boolean {
  const extent = feature.getGeometry()?.getExtent()
  return extent === undefined || Math.max(getWidth([...extent]), getHeight([...extent])) < LEAST * resolution
}

export function stackOf(feature: FeatureLike): Stack {
  return feature.get('stack') as Stack
}

/** Chips too small to be seen as points, those that lie close together as one with how many they are. */
export function tinyLayer(source: VectorSource, resolutionNow: () => number): VectorLayer {
  const clusters = new Cluster({
    source,
    distance: APART,
    minDistance: APART - 6,
    geometryFunction: (feature: Feature) => {
      const extent = feature.getGeometry()?.getExtent()
      return extent !== undefined && isTiny(feature, resolutionNow()) ? new Point(getCenter(extent)) : null
    },
  })
  return new VectorLayer({ source: clusters, zIndex: 3 })
}

/** The chips of a point, and the ground that all of them cover. */
export function within(cluster: FeatureLike): { chips: Chip[]; extent: number[]; isOne: boolean } {
  const features = cluster.get('features') as Feature[]
  const corners = features.flatMap((feature) => {
    const [west = 0, south = 0, east = 0, north = 0] = feature.getGeometry()?.getExtent() ?? []
    return [
      [west, south],
      [east, north],
    ]
  })
  return {
    chips: features.flatMap((feature) => stackOf(feature).chips),
    extent: boundingExtent(corners),
    isOne: features.length === 1,
  }
}

export interface PointHow {
  isSelected: boolean
  isPressed: boolean
}

/** A point of one chip in its colour; of several with how many, and a ring by their shares of the colours. */
export function pointStyle(paint: Paint, chips: readonly Chip[], how: PointHow): Style {
  const parts = shares(chips, (chip) => colorOf(paint, chip))
  return chips.length === 1
    ? circleStyle(paint, { ...how, radius: 6, text: '', parts, isFull: true })
    : circleStyle(paint, { ...how, radius: radiusOf(chips.length), text: count(chips.length), parts })
}

/** What the server tells of very many: only how many they are. */
export function clusterStyle(paint: Paint, items: number): Style {
  const text = items < 10_000 ? count(items) : `${Math.round(items / 1000)}k`
  const parts: [string, number][] = [[paint.none, 1]]
  return circleStyle(paint, { radius: radiusOf(items), text, parts, isSelected: false, isPressed: false })
}

function radiusOf(items: number): number {
  return 10 + 4 * Math.log10(Math.max(1, items))
}

interface Circle extends PointHow {
  radius: number
  text: string
  parts: [string, number][]
  isFull?: boolean
}

function circleStyle(paint: Paint, circle: Circle): Style {
  const style = new Style({
    zIndex: circle.isPressed ? 1 : 0,
    renderer: (coordinates, state) => {
      draw(state, coordinates as [number, number], paint, circle)
    },
  })
  style.setHitDetectionRenderer((coordinates, { context, pixelRatio }) => {
    const [x = 0, y = 0] = coordinates as number[]
    context.beginPath()
    context.arc(x, y, (circle.radius + 2) * pixelRatio, 0, 2 * Math.PI)
    context.fill()
  })
  return style
}

function draw({ context, pixelRatio }: State, [x, y]: [number, number], paint: Paint, circle: Circle): void {
  const radius = circle.radius * pixelRatio
  const disc = (size: number, color: string) => {
    context.beginPath()
    context.arc(x, y, size, 0, 2 * Math.PI)
    context.fillStyle = color
    context.fill()
  }
  if (circle.isSelected || circle.isPressed) disc(radius + 4 * pixelRatio, paint.accent)
  disc(radius + 2 * pixelRatio, paint.surface)
  const all = circle.parts.reduce((sum, [, items]) => sum + items, 0)
  let from = -Math.PI / 2
  for (const [color, items] of circle.parts) {
    const to = from + (items / all) * 2 * Math.PI
    context.beginPath()
    context.moveTo(x, y)
    context.arc(x, y, radius, from, to)
    context.closePath()
    context.fillStyle = color
    context.fill()
    from = to
  }
  if (circle.isFull === true) return
  disc(radius - 3.5 * pixelRatio, paint.surface)
  context.font = `600 ${11 * pixelRatio}px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = paint.ink
  context.fillText(circle.text, x, y + pixelRatio / 2)
}
