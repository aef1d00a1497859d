import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Text from 'ol/style/Text'
import type { Chip } from './model/stacks'
import type { ColorBy } from './types'

/** The colours of the page, as a canvas takes them. */
export interface Paint {
  by: ColorBy
  parts: Record<string, string>
  none: string
  accent: string
  surface: string
  ink: string
  land: string
  border: string
  grid: string
  text: string
}

export const FONT = '"Inter Variable", sans-serif'

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
    ink: token('--ink'),
    land: token('--surface'),
    border: token('--line-2'),
    grid: token('--line'),
    text: token('--ink-3'),
  }
}

/** The colour of a chip: of its part of the split, or of the class that covers most of it. */
export function colorOf(paint: Paint, { part, color }: Pick<Chip, 'part' | 'color'>): string {
  if (paint.by === 'class') return color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color : paint.none
  return (part === null ? undefined : paint.parts[part]) ?? paint.none
}

/** "#3a46c4", or "#fff", with an opacity. */
export function tint(color: string, opacity: number): string {
  const digits = color.slice(1)
  const whole = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits
  const value = Number.parseInt(whole.slice(0, 6), 16)
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`
}

export function lineText(paint: Paint, textAlign: CanvasTextAlign): Text {
  return new Text({
    font: `11px ${FONT}`,
    textAlign,
    fill: new Fill({ color: paint.text }),
    stroke: new Stroke({ color: paint.surface, width: 3 }),
  })
}
