import type { Coordinate } from 'ol/coordinate'
import type { State } from 'ol/render'
import Style from 'ol/style/Style'
import { count } from '@/parts/format'
import { type Chip, shares } from './model/stacks'
import { colorOf, FONT, type Paint, tint } from './paint'

export interface How {
  isSelected: boolean
  isPressed: boolean
  /** Its picture lies below. */
  hasPicture: boolean
}

type Nested = Coordinate | Coordinate[] | Coordinate[][] | Coordinate[][][]

const FRAME = 3
/** Frames of small chips are thinner: so many of them are as wide as the chip. */
const THIN = 20
const DASH = 7
/** Pixels of width from which a frame has room for what is written in it. */
const ROOM = 44

/**
 * A frame inside the outline, so that those of neighbours do not hide each other, with a casing to what lies below.
 * Chips of one outline that differ in colour are dashed in all of their colours.
 */
export function footprintStyle(paint: Paint, chips: readonly Chip[], how: How): Style {
  const colors = shares(chips, (chip) => colorOf(paint, chip)).map(([color]) => color)
  const style = new Style({
    zIndex: how.isPressed ? 2 : how.isSelected ? 1 : 0,
    renderer: (coordinates, state) => {
      const { context, pixelRatio } = state
      const box = trace(coordinates, context)
      context.save()
      context.clip('evenodd')
      context.fillStyle = fillOf(paint, colors[0] ?? paint.none, how)
      context.fill('evenodd')
      const frame = Math.min(FRAME * pixelRatio, Math.max(pixelRatio, box.width / THIN))
      const width = 2 * (how.isPressed ? frame + 2 * pixelRatio : frame)
      stroke(state, tint(paint.surface, 0.92), width + frame)
      colors.forEach((color, index) => {
        stroke(state, color, width, colors.length > 1 ? [index, colors.length] : undefined)
      })
      context.restore()
      if (box.width > ROOM * pixelRatio) {
        if (chips.length > 1) badge(state, paint, box, count(chips.length))
        if (how.isSelected) tick(state, paint, box)
      }
    },
  })
  style.setHitDetectionRenderer((coordinates, { context }) => {
    trace(coordinates, context)
    context.fill('evenodd')
  })
  return style
}

function fillOf(paint: Paint, color: string, { isSelected, hasPicture }: How): string {
  if (isSelected) return tint(paint.accent, 0.34)
  return hasPicture ? 'rgba(0,0,0,0)' : tint(color, 0.2)
}

interface Around {
  left: number
  top: number
  width: number
}

/** The path of polygons in the pixels of the canvas; what is around it. */
function trace(coordinates: Nested, context: CanvasRenderingContext2D): Around {
  let [left, right, top] = [Infinity, -Infinity, Infinity]
  const walk = (nested: Nested): void => {
    const [first] = nested
    if (Array.isArray(first) && typeof first[0] === 'number') {
      ;(nested as Coordinate[]).forEach(([x = 0, y = 0], index) => {
        if (index === 0) context.moveTo(x, y)
        else context.lineTo(x, y)
        left = Math.min(left, x)
        right = Math.max(right, x)
        top = Math.min(top, y)
      })
      context.closePath()
    } else for (const each of nested as Nested[]) walk(each)
  }
  context.beginPath()
  walk(coordinates)
  return { left, top, width: right - left }
}

function stroke(
  { context, pixelRatio }: State,
  color: string,
  width: number,
  [at, of]: readonly [number, number] = [0, 1],
): void {
  const dash = DASH * pixelRatio
  context.lineCap = 'butt'
  context.lineJoin = 'miter'
  context.setLineDash(of > 1 ? [dash, dash * (of - 1)] : [])
  context.lineDashOffset = -at * dash
  context.strokeStyle = color
  context.lineWidth = width
  context.stroke()
  context.setLineDash([])
}

/** How many chips lie here. */
function badge({ context, pixelRatio }: State, paint: Paint, { left, top }: Around, text: string): void {
  context.font = `600 ${11 * pixelRatio}px ${FONT}`
  const [wide, high] = [context.measureText(text).width + 10 * pixelRatio, 17 * pixelRatio]
  const [x, y] = [left + 8 * pixelRatio, top + 8 * pixelRatio]
  context.fillStyle = tint(paint.surface, 0.94)
  context.beginPath()
  context.roundRect(x, y, wide, high, 4 * pixelRatio)
  context.fill()
  context.fillStyle = paint.ink
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, x + wide / 2, y + high / 2 + pixelRatio / 2)
}

/** Selected, told by more than a colour. */
function tick({ context, pixelRatio }: State, paint: Paint, { left, top, width }: Around): void {
  const radius = 8.5 * pixelRatio
  const [x, y] = [left + width - 8 * pixelRatio - radius, top + 8 * pixelRatio + radius]
  context.fillStyle = paint.accent
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.8 * pixelRatio
  context.beginPath()
  context.moveTo(x - radius * 0.42, y)
  context.lineTo(x - radius * 0.08, y + radius * 0.34)
  context.lineTo(x + radius * 0.46, y - radius * 0.32)
  context.stroke()
}
