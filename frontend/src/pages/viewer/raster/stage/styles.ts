import type { Style } from 'ol/layer/WebGLTile'
import type { Range } from '../../model/windowing'
import { PALETTES, type PaletteName } from '../model/palettes'

type Expression = (string | number | Expression)[]

const CLEAR = 'rgba(0,0,0,0)'

/** What the shader of three bands or of one gets: shown = (value − low) × gain, in 0 to 1. */
export function variablesOf(ranges: readonly Range[]): Record<string, number> {
  return Object.fromEntries(
    ranges.flatMap(({ low, high }, index) => [
      [`low${index}`, low],
      [`gain${index}`, 1 / (high - low)],
    ]),
  )
}

/** A band of the texture between the ends of its range; the last band says how much of it is known. */
function shown(index: number, known: number): Expression {
  const value: Expression = ['/', ['band', index + 1], ['clamp', ['band', known], 0.001, 1]]
  return ['clamp', ['*', ['-', value, ['var', `low${index}`]], ['var', `gain${index}`]], 0, 1]
}

/** Three bands as red, green and blue; nothing where one of them is not known. */
export function colorStyle(ranges: readonly Range[]): Style {
  const alpha: Expression = ['case', ['>=', ['band', 4], 0.5], 1, 0]
  return {
    variables: variablesOf(ranges),
    color: ['array', shown(0, 4), shown(1, 4), shown(2, 4), alpha],
  }
}

/** One band through a colour map. */
export function paletteStyle(ranges: readonly Range[], name: PaletteName): Style {
  const colors = PALETTES[name]
  const stops = colors.flatMap((color, index) => [index / (colors.length - 1), color])
  const through: Expression = ['interpolate', ['linear'], shown(0, 2), ...stops]
  return {
    variables: variablesOf(ranges),
    color: ['case', ['>=', ['band', 2], 0.5], through, ['color', 0, 0, 0, 0]],
  }
}

/** Classes in their colours; `colors` begins with what is no class. */
export function labelStyle(colors: readonly string[]): Style {
  const all = [CLEAR, ...colors]
  // A palette of one colour would be a texture of one pixel, which is no palette.
  return { color: ['palette', ['*', 255, ['band', 1]], [...all, CLEAR]] }
}
