import type { Schemas } from '@/api/client'

export type Label = Schemas['LabelView']

/** The palette has so many colours; from the next class on they repeat, with a dashed outline. */
export const PALETTE_SIZE = 12

export interface OutlineGroup {
  key: string
  color: string
  dashed: boolean
  /** Path data in pixels of the picture. */
  path: string
}

const NO_COLOR = 'var(--ink-off)'

/** Outlines of boxes and polygons, one path for each class: a grid of pictures has thousands of them. */
export function outlinesOf(labels: readonly Label[]): OutlineGroup[] {
  const groups = new Map<string, OutlineGroup>()
  for (const label of labels) {
    const path = pathOf(label)
    if (path === '') continue
    const key = classKey(label)
    const known = groups.get(key)
    if (known !== undefined) known.path += path
    else {
      const dashed = (label.class_id ?? 0) >= PALETTE_SIZE
      groups.set(key, { key, color: label.color ?? NO_COLOR, dashed, path })
    }
  }
  return [...groups.values()]
}

function pathOf(label: Label): string {
  if (label.box !== null) {
    const [x = 0, y = 0, width = 0, height = 0] = label.box
    return `M${x} ${y}h${width}v${height}h${-width}z`
  }
  if (label.points === null || label.points.length === 0) return ''
  return `M${label.points.map((point) => point.join(' ')).join('L')}z`
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
