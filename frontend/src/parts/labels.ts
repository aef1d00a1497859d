import type { Schemas } from '@/api/client'
import { share } from './format'
import { maskOf, pathOfMask } from './masks'

export type Label = Schemas['LabelView']

/** The palette has so many colours; from the next class on they repeat, with a dashed outline. */
export const PALETTE_SIZE = 12

export interface OutlineGroup {
  key: string
  color: string
  dashed: boolean
  /** Path data in pixels of the picture. */
  path: string
  /** Path data of polygons and masks, of which the inside is tinted. */
  area: string
}

const NO_COLOR = 'var(--ink-off)'
/** The kind of labels that count the pixels of a class in a label raster. */
const PIXELS = 'pixels'

/** Kinds that have a place in the picture. */
const DRAWN: ReadonlySet<string> = new Set(['box', 'polygon', 'mask', 'point', 'line'])

/** Whether a label has a place in the picture, and does not stand on the whole of it. */
export function isDrawn({ kind }: Pick<Label, 'kind'>): boolean {
  return DRAWN.has(kind)
}

/** Stretches of a mask that a small picture is worth; a mask with more shows the box around it. */
const MOST_STRETCHES = 3000
/** Half the width of the cross that stands for a point, as a part of the picture's longer side. */
const CROSS = 0.02

/** Outlines of what is drawn, one path for each class: a grid of pictures has thousands of them. */
export function outlinesOf(labels: readonly Label[], side: number): OutlineGroup[] {
  const groups = new Map<string, OutlineGroup>()
  for (const label of labels) {
    const { path, area } = pathsOf(label, side)
    if (path === '' && area === '') continue
    const key = classKey(label)
    const known = groups.get(key)
    if (known !== undefined) {
      known.path += path
      known.area += area
    } else {
      const dashed = (label.class_id ?? 0) >= PALETTE_SIZE
      groups.set(key, { key, color: label.color ?? NO_COLOR, dashed, path, area })
    }
  }
  return [...groups.values()]
}

function pathsOf(label: Label, side: number): { path: string; area: string } {
  const { kind, parts, mask, box } = label
  if (parts !== null) {
    if (kind === 'point') return { path: parts.map((part) => crossOf(part, side * CROSS)).join(''), area: '' }
    const lines = parts.map((part) => lineOf(part))
    if (kind === 'line') return { path: lines.join(''), area: '' }
    const path = lines.map((line) => `${line}z`).join('')
    return { path, area: path }
  }
  if (mask !== null) {
    const runs = maskOf(mask)
    const area = runs === null ? '' : pathOfMask(runs, MOST_STRETCHES)
    if (area !== '') return { path: '', area }
  }
  if (box === null) return { path: '', area: '' }
  const [x = 0, y = 0, width = 0, height = 0] = box
  return { path: `M${x} ${y}h${width}v${height}h${-width}z`, area: '' }
}

function lineOf(part: readonly number[]): string {
  const points: string[] = []
  for (let at = 0; at + 1 < part.length; at += 2) points.push(`${part[at] ?? 0} ${part[at + 1] ?? 0}`)
  return points.length === 0 ? '' : `M${points.join('L')}`
}

function crossOf([x = 0, y = 0]: readonly number[], half: number): string {
  return `M${x - half} ${y}h${2 * half}M${x} ${y - half}v${2 * half}`
}

/** A class over all sets: SET:CLASS, as filters write it. */
export function classKey(label: Pick<Label, 'set' | 'class' | 'class_id'>): string {
  return `${label.set}:${label.class ?? label.class_id ?? ''}`
}

export interface ClassCount {
  key: string
  name: string
  color: string
  count: number
}

/** How many labels of each class there are, the most frequent first; "nothing there" is none. */
export function countClasses(labels: readonly Label[]): ClassCount[] {
  const found = new Map<string, ClassCount>()
  for (const label of labels) {
    if (label.class_id === null) continue
    const key = classKey(label)
    const known = found.get(key)
    if (known !== undefined) known.count += 1
    else {
      const name = label.class ?? String(label.class_id)
      found.set(key, { key, name, color: label.color ?? NO_COLOR, count: 1 })
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

/** Of label rasters what share of the picture each class covers, the widest first; none for other labels. */
export function coveredShares(labels: readonly Label[], pixels: number): (ClassCount & { text: string })[] {
  return labels
    .flatMap((label) => {
      if (label.kind !== PIXELS || label.value === null) return []
      const name = label.class ?? String(label.class_id ?? '')
      const text = share(label.value, pixels)
      return [{ key: classKey(label), name, color: label.color ?? NO_COLOR, count: label.value, text }]
    })
    .sort((a, b) => b.count - a.count)
}

export interface ChipText {
  key: string
  text: string
  color: string | null
}

/** What the chips of a picture say: classes that stand on the whole picture, and values. */
export function chipsOf(labels: readonly Label[]): ChipText[] {
  return labels.flatMap((label, index): ChipText[] => {
    if (label.task === 'detection' || label.task === 'segmentation') return []
    const key = `${classKey(label)} ${index}`
    if (label.task === 'regression') {
      return label.value === null ? [] : [{ key, text: number(label.value), color: null }]
    }
    if (label.class_id === null) return []
    return [{ key, text: label.class ?? String(label.class_id), color: label.color ?? NO_COLOR }]
  })
}

function number(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-GB', { maximumFractionDigits: 6 })
}
