/** Chips that lie on the same ground, as the dates of a place do. All are pure. */

import type { Footprint } from '../types'
import { type Box, boxOf, unwrapped } from './bounds'

export type Chip = Footprint['properties']

/** Chips of one outline, in order of time: one frame on the map. */
export interface Stack {
  chips: readonly Chip[]
  outline: Footprint['geometry']
  box: Box
}

/** Shares of its sides by which outlines may differ: grids of two dates are written to the last digit or not. */
const SAME = 0.02

export function stacksOf(features: readonly Footprint[]): Stack[] {
  const found = new Map<string, { chips: Chip[]; outline: Footprint['geometry']; box: Box }>()
  for (const { bbox, geometry, properties } of features) {
    const box = boxOf(bbox)
    const key = groundOf(box)
    const known = found.get(key)
    if (known === undefined) found.set(key, { chips: [properties], outline: geometry, box })
    else known.chips.push(properties)
  }
  for (const { chips } of found.values()) chips.sort(inTime)
  return [...found.values()]
}

function groundOf(bbox: Box): string {
  const [west, south, east, north] = unwrapped(bbox)
  const step = Math.max(1e-6, Math.min(east - west, north - south) * SAME)
  const places = [west, south, east, north].map((each) => Math.round(each / step))
  return [step.toPrecision(2), ...places].join()
}

function inTime(a: Chip, b: Chip): number {
  return (a.time ?? Infinity) - (b.time ?? Infinity) || (a.key < b.key ? -1 : 1)
}

/** The colours of chips with how many have each, the most frequent first. */
export function shares(chips: readonly Chip[], colorOf: (chip: Chip) => string): [string, number][] {
  const found = new Map<string, number>()
  for (const chip of chips) {
    const color = colorOf(chip)
    found.set(color, (found.get(color) ?? 0) + 1)
  }
  return [...found].sort((a, b) => b[1] - a[1])
}

/** Parts of the split other than the chip's that lie on its ground: what is learned there is no test of it. */
export function otherParts(chips: readonly Chip[], part: string | null): string[] {
  if (part === null) return []
  return [...new Set(chips.flatMap((chip) => (chip.part === null || chip.part === part ? [] : chip.part)))]
}
