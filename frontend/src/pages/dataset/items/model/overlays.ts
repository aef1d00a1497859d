import { classKey, type Label } from '@/parts/labels'

/** What is not drawn: whole sets ("s:SET") and single classes ("c:SET:CLASS"), as the address has them. */
export type Hidden = ReadonlySet<string>

export const ALL_LABELS = 'all'

export function setToken(set: string): string {
  return `s:${set}`
}

export function classToken(set: string, name: string): string {
  return `c:${set}:${name}`
}

export function isShown(label: Pick<Label, 'set' | 'class' | 'class_id'>, hidden: Hidden): boolean {
  if (hidden.has(ALL_LABELS) || hidden.has(setToken(label.set))) return false
  return !hidden.has(`c:${classKey(label)}`)
}

/** The labels that are drawn; the same list where nothing is hidden, so that nothing is drawn anew. */
export function shownLabels(labels: readonly Label[], hidden: Hidden): readonly Label[] {
  return hidden.size === 0 ? labels : labels.filter((label) => isShown(label, hidden))
}

export function flippedToken(hidden: Hidden, token: string): string[] {
  return hidden.has(token) ? [...hidden].filter((each) => each !== token) : [...hidden, token]
}
