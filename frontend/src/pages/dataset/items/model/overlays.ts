import type { Label } from '@/parts/labels'

/** What is not drawn: everything, whole sets ("@set") and single classes ("3@set"); the viewer writes them alike. */
export type Hidden = ReadonlySet<string>

const ALL = '*'

export function setToken(set: string): string {
  return `@${set}`
}

export function classToken(set: string, id: number): string {
  return `${id}@${set}`
}

export function hiddenIn(address: URLSearchParams): Hidden {
  return new Set([...address.getAll('hide'), ...(address.get('labels') === '0' ? [ALL] : [])])
}

export function withHidden(address: URLSearchParams, hidden: Hidden): URLSearchParams {
  const next = new URLSearchParams(address)
  next.delete('hide')
  next.delete('labels')
  for (const token of hidden) if (token !== ALL) next.append('hide', token)
  if (hidden.has(ALL)) next.set('labels', '0')
  return next
}

export function flipped(hidden: Hidden, token: string): Hidden {
  const next = new Set(hidden)
  if (!next.delete(token)) next.add(token)
  return next
}

/** All labels away, or back as they were. */
export function flippedAll(hidden: Hidden): Hidden {
  return flipped(hidden, ALL)
}

export function allHidden(hidden: Hidden): boolean {
  return hidden.has(ALL)
}

export function isShown(label: Pick<Label, 'set' | 'class_id'>, hidden: Hidden): boolean {
  if (hidden.has(ALL) || hidden.has(setToken(label.set))) return false
  return label.class_id === null || !hidden.has(classToken(label.set, label.class_id))
}

/** The labels that are drawn; the same list where nothing is hidden, so that nothing is drawn anew. */
export function shownLabels(labels: readonly Label[], hidden: Hidden): readonly Label[] {
  return hidden.size === 0 ? labels : labels.filter((label) => isShown(label, hidden))
}
