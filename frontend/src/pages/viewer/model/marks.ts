/** What is drawn of labels, and what lies where. All are pure. */

import { isDrawn, type Label, PALETTE_SIZE } from '@/parts/labels'
import { isIn, type Mask, maskOf } from '@/parts/masks'
import type { Mark } from '../stage/drawings'
import type { Tint } from '../stage/maskRaster'
import { type Look, lookKey, type ViewerState } from './address'
import type { PictureSize, Point } from './geometry'

const WITHOUT_CLASS = '#dadde3'

/** Whether labels of a class are drawn: neither all of them, nor their set, nor the class is switched off. */
export function isShown(
  state: Pick<ViewerState, 'labels' | 'hidden'>,
  set: string,
  classId: number | null,
): boolean {
  return state.labels && !state.hidden.includes(lookKey(set)) && !state.hidden.includes(lookKey(set, classId))
}

/** A class's colour, and its opacity within its set, 0 to 1. */
export function lookOf(
  state: Pick<ViewerState, 'looks'>,
  set: string,
  classId: number | null,
  color: string | null,
): { color: string; opacity: number } {
  const own: Look = state.looks[lookKey(set, classId)] ?? {}
  const ofSet: Look = state.looks[lookKey(set)] ?? {}
  const opacity = ((own.opacity ?? 100) / 100) * ((ofSet.opacity ?? 100) / 100)
  return { color: own.color ?? ofSet.color ?? hexOf(color), opacity }
}

function hexOf(color: string | null): string {
  return color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color : WITHOUT_CLASS
}

/** The labels of a plane: those that lie on it, and those that lie on all. */
export function labelsOn(labels: readonly Label[], frame: number): readonly Label[] {
  return labels.filter((label) => label.frame === null || label.frame === frame)
}

const decoded = new WeakMap<object, Mask | null>()

/** The mask of a label, read once; null where there is none, or none of the size of its picture. */
export function maskIn(
  { mask }: Pick<Label, 'mask'>,
  size: Pick<PictureSize, 'width' | 'height'>,
): Mask | null {
  if (mask === null || mask.size[0] !== size.height || mask.size[1] !== size.width) return null
  const known = decoded.get(mask)
  if (known !== undefined) return known
  const found = maskOf(mask)
  decoded.set(mask, found)
  return found
}

/** The corners of a box in pixels, clockwise from the upper left. */
export function cornersOf([left = 0, top = 0, width = 0, height = 0]: readonly number[]): Point[] {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ]
}

/** The points of an outline [x0, y0, x1, y1, …]. */
export function pointsOf(part: readonly number[]): Point[] {
  return Array.from({ length: part.length >> 1 }, (_, at) => [part[2 * at] ?? 0, part[2 * at + 1] ?? 0])
}

type Form = Pick<Mark, 'form' | 'points'> & { isFilled?: boolean; isThin?: boolean }

/** What is drawn of a label besides its mask. */
function formsOf(label: Label, size: Pick<PictureSize, 'width' | 'height'>): Form[] {
  const { kind, parts, box } = label
  if (parts !== null && kind !== 'box') {
    if (kind === 'point') return parts.map((part) => ({ form: 'point', points: pointsOf(part).slice(0, 1) }))
    if (kind === 'line') return parts.map((part) => ({ form: 'line', points: pointsOf(part) }))
    return parts.map((part) => ({ form: 'area', points: pointsOf(part), isFilled: true }))
  }
  if (box === null || !isDrawn(label) || maskIn(label, size) !== null) return []
  // Of a shape that cannot be drawn, the box around it says where it is.
  return [{ form: 'area', points: cornersOf(box), isThin: kind !== 'box' }]
}

const LEAST: Record<Mark['form'], number> = { area: 3, line: 2, point: 1 }

/** The marks that are drawn; the largest lie below, so that small ones can be seen. */
export function marksOf(
  labels: readonly Label[],
  state: ViewerState,
  size: Pick<PictureSize, 'width' | 'height'>,
): Mark[] {
  return labels
    .filter((label) => isShown(state, label.set, label.class_id))
    .flatMap((label) =>
      formsOf(label, size)
        .filter(({ form, points }) => points.length >= LEAST[form])
        .map(({ isFilled = false, isThin = false, ...form }) => ({
          ...form,
          ...lookOf(state, label.set, label.class_id, label.color),
          isFilled,
          isThin,
          isDashed: (label.class_id ?? 0) >= PALETTE_SIZE,
        })),
    )
    .sort((a, b) => areaOf(b) - areaOf(a))
}

/** The masks that are drawn, the largest below. */
export function tintsOf(
  labels: readonly Label[],
  state: ViewerState,
  size: Pick<PictureSize, 'width' | 'height'>,
): Tint[] {
  return labels
    .filter((label) => isShown(state, label.set, label.class_id))
    .flatMap((label) => {
      const mask = maskIn(label, size)
      const look = lookOf(state, label.set, label.class_id, label.color)
      return mask === null ? [] : [{ mask, ...look, pixels: label.value ?? 0 }]
    })
    .sort((a, b) => b.pixels - a.pixels)
}

function areaOf({ form, points }: Pick<Mark, 'form' | 'points'>): number {
  if (form !== 'area') return 0
  let doubled = 0
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [0, 0]
    doubled += x * nextY - nextX * y
  })
  return Math.abs(doubled) / 2
}

/** Whether a point lies within an outline. */
export function contains(outline: readonly Point[], [x, y]: Point): boolean {
  let isInside = false
  outline.forEach(([ax, ay], index) => {
    const [bx, by] = outline[(index + 1) % outline.length] ?? [0, 0]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
  })
  return isInside
}

/** How far a point lies from a line. */
function distance(line: readonly Point[], [x, y]: Point): number {
  const far = line.map(([ax, ay], index) => {
    const [bx, by] = line[index + 1] ?? [ax, ay]
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
    return Math.hypot(x - ax - along * dx, y - ay - along * dy)
  })
  return far.reduce((a, b) => Math.min(a, b), Infinity)
}

export interface Under {
  point: Point
  /** Pixels from a line or a point that count as on it. */
  near: number
  size: Pick<PictureSize, 'width' | 'height'>
}

/** Names of the classes that are drawn at a point, each once. */
export function classesAt(
  labels: readonly Label[],
  state: ViewerState,
  { point, near, size }: Under,
): string[] {
  const isUnder = (label: Label) => {
    const mask = maskIn(label, size)
    if (mask !== null) return isIn(mask, point[0], point[1])
    return formsOf(label, size).some(({ form, points }) =>
      form === 'area' ? contains(points, point) : distance(points, point) <= near,
    )
  }
  const names = labels
    .filter((label) => isShown(state, label.set, label.class_id))
    .filter(isUnder)
    .map((label) => label.class ?? 'without a class')
  return [...new Set(names)]
}

export interface ClassAmount {
  /** Labels: objects, or parts of the picture. */
  count: number
  /** Pixels that they cover together. */
  pixels: number
}

/** Labels of a set by class: how many, and how many pixels they cover. */
export function countsOf(labels: readonly Label[], set: string): ReadonlyMap<number, ClassAmount> {
  const counts = new Map<number, ClassAmount>()
  for (const label of labels) {
    if (label.set !== set || label.class_id === null) continue
    const { count, pixels } = counts.get(label.class_id) ?? { count: 0, pixels: 0 }
    const own = label.kind === 'polygon' || label.kind === 'mask' ? (label.value ?? 0) : 0
    counts.set(label.class_id, { count: count + 1, pixels: pixels + own })
  }
  return counts
}

/** The state with a set or a class switched on or off. */
export function toggledKey(hidden: readonly string[], key: string): string[] {
  return hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key]
}

/** The state with all but one of the keys switched off; with it alone on already, all are on again. */
export function onlyKey(hidden: readonly string[], keys: readonly string[], key: string): string[] {
  const others = keys.filter((each) => each !== key)
  const isAlone = !hidden.includes(key) && others.every((each) => hidden.includes(each))
  const rest = hidden.filter((each) => !keys.includes(each))
  return isAlone ? rest : [...rest, ...others]
}

/** Looks with one of them changed. */
export function withLook(looks: ViewerState['looks'], key: string, change: Look): ViewerState['looks'] {
  return { ...looks, [key]: { ...looks[key], ...change } }
}
