/** Which items are selected: some, by their names, or all that match the filters but some. */
export type Selection =
  { kind: 'some'; keys: ReadonlySet<string> } | { kind: 'all'; except: ReadonlySet<string> }

export const NOTHING: Selection = { kind: 'some', keys: new Set() }
export const EVERYTHING: Selection = { kind: 'all', except: new Set() }

/** So many names at most are sent, copied, or selected by Shift; more are selected by a filter. */
export const MOST_NAMES = 10_000

export function has(selection: Selection, key: string): boolean {
  return selection.kind === 'some' ? selection.keys.has(key) : !selection.except.has(key)
}

export function sizeOf(selection: Selection, total: number): number {
  return selection.kind === 'some' ? selection.keys.size : Math.max(0, total - selection.except.size)
}

export function flipped(selection: Selection, key: string): Selection {
  const names = new Set(selection.kind === 'some' ? selection.keys : selection.except)
  if (!names.delete(key)) names.add(key)
  return selection.kind === 'some' ? { kind: 'some', keys: names } : { kind: 'all', except: names }
}

export function withKeys(selection: Selection, keys: Iterable<string>): Selection {
  if (selection.kind === 'some') return { kind: 'some', keys: new Set([...selection.keys, ...keys]) }
  const except = new Set(selection.except)
  for (const key of keys) except.delete(key)
  return { kind: 'all', except }
}
