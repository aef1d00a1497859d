/** What is drawn of labels, and what lies where. All are pure. */

import { type Label, PALETTE_SIZE } from '@/parts/labels'
import type { Mark } from '../stage/drawings'
import { type Look, lookKey, type ViewerState } from './address'
import type { Point } from './geometry'

const WITHOUT_CLASS = '#dadde3'

/** Whether labels of a class are drawn: neither all of them, nor their set, nor the class is switched off. */
export function isShown(state: ViewerState, set: string, classId: number | null): boolean {
  return state.labels && !state.hidden.includes(lookKey(set)) && !state.hidden.includes(lookKey(set, classId))
}

/** A class's colour, and its opacity within its set, 0 to 1. */
export function lookOf(
  state: ViewerState,
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

/** The outline of a box or a polygon in pixels, clockwise from the upper left; null for what has no place. */
export function outlineOf(label: Pick<Label, 'box' | 'points'>): Point[] | null {
  if (label.box !== null) {
    const [left = 0, top = 0, width = 0, height = 0] = label.box
    return [
      [left, top],
      [left + width, top],
      [left + width, top + height],
      [left, top + height],
    ]
  }
  if (label.points === null || label.points.length < 3) return null
  return label.points.map(([x = 0, y = 0]) => [x, y])
}

/** The outlines that are drawn; the largest lie below, so that small ones can be seen. */
export function marksOf(labels: readonly Label[], state: ViewerState): Mark[] {
  return labels
    .filter((label) => isShown(state, label.set, label.class_id))
    .flatMap((label) => {
      const outline = outlineOf(label)
      if (outline === null) return []
      return [
        {
          outline,
          ...lookOf(state, label.set, label.class_id, label.color),
          isFilled: label.box === null,
          isDashed: (label.class_id ?? 0) >= PALETTE_SIZE,
        },
      ]
    })
    .sort((a, b) => areaOf(b.outline) - areaOf(a.outline))
}

function areaOf(outline: readonly Point[]): number {
  let doubled = 0
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? [0, 0]
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

/** Names of the classes that are drawn at a point, each once. */
export function classesAt(labels: readonly Label[], state: ViewerState, point: Point): string[] {
  const names = labels
    .filter((label) => isShown(state, label.set, label.class_id))
    .filter((label) => contains(outlineOf(label) ?? [], point))
    .map((label) => label.class ?? 'without a class')
  return [...new Set(names)]
}

/** Labels of a set by class: how many, or how many parts of the picture. */
export function countsOf(labels: readonly Label[], set: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const label of labels) {
    if (label.set === set && label.class_id !== null) {
      counts.set(label.class_id, (counts.get(label.class_id) ?? 0) + 1)
    }
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
