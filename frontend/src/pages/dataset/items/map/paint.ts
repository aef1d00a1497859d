import type { FeatureLike } from 'ol/Feature'
import CircleStyle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { count } from '@/parts/format'
import type { ColorBy } from './types'

/** The colours of the page, as a canvas takes them. */
export interface Paint {
  by: ColorBy
  parts: Record<string, string>
  none: string
  accent: string
  surface: string
  land: string
  border: string
  grid: string
  text: string
}

const FONT = '"Inter Variable", sans-serif'

/** The colours of the theme that is on. */
export function paintHere(element: Element, by: ColorBy): Paint {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    by,
    parts: { train: token('--train'), validation: token('--validation'), test: token('--test') },
    none: token('--ink-3'),
    accent: token('--accent'),
    surface: token('--surface'),
    land: token('--surface'),
    border: token('--line-2'),
    grid: token('--line'),
    text: token('--ink-3'),
  }
}

/** The colour of a chip: of its part of the split, or of the class that covers most of it. */
export function colorOf(paint: Paint, part: string | null, color: string | null): string {
  if (paint.by === 'class') return color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color : paint.none
  return (part === null ? undefined : paint.parts[part]) ?? paint.none
}

interface How {
  isSelected: boolean
  isPressed: boolean
  /** Its picture lies below. */
  isEmpty: boolean
}

/** "#3a46c4" with an opacity. */
function tint(color: string, opacity: number): string {
  const value = Number.parseInt(color.slice(1, 7), 16)
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`
}

/** A frame in the chip's colour, on a light casing where it lies on a picture. */
export function footprintStyle(paint: Paint, feature: FeatureLike, how: How): Style[] {
  const color = colorOf(paint, textOf(feature.get('part')), textOf(feature.get('color')))
  const fill = how.isSelected
    ? tint(paint.accent, 0.28)
    : how.isEmpty
      ? tint(color, 0.001)
      : tint(color, 0.22)
  const width = how.isPressed ? 4 : how.isSelected ? 3.5 : 2
  return [
    new Style({ stroke: new Stroke({ color: tint(paint.surface, 0.9), width: width + 2 }) }),
    new Style({
      stroke: new Stroke({ color: how.isSelected ? paint.accent : color, width }),
      fill: new Fill({ color: fill }),
      zIndex: how.isPressed ? 2 : how.isSelected ? 1 : 0,
    }),
  ]
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A circle with how many chips it stands for, larger for more. */
export function clusterStyle(paint: Paint, items: number): Style {
  return new Style({
    image: new CircleStyle({
      radius: 11 + 4 * Math.log10(Math.max(1, items)),
      fill: new Fill({ color: tint(paint.accent, 0.88) }),
      stroke: new Stroke({ color: paint.surface, width: 2 }),
    }),
    text: new Text({
      text: items < 10_000 ? count(items) : `${Math.round(items / 1000)}k`,
      font: `600 11px ${FONT}`,
      fill: new Fill({ color: '#ffffff' }),
    }),
  })
}

export function gridText(paint: Paint): Text {
  return new Text({
    font: `11px ${FONT}`,
    fill: new Fill({ color: paint.text }),
    stroke: new Stroke({ color: paint.surface, width: 3 }),
  })
}
