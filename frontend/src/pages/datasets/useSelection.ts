import { useCallback, useMemo, useState } from 'react'
import type { DatasetRow } from './filters'

export interface Selection {
  ids: ReadonlySet<string>
  /** Those of the selected that are loaded. */
  rows: readonly DatasetRow[]
  all: boolean
  /** Take in or out; with `range` everything from the last one to this one. */
  toggle: (id: string, range?: boolean) => void
  toggleAll: () => void
  clear: () => void
}

/** Which rows are ticked. */
export function useSelection(rows: readonly DatasetRow[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [last, setLast] = useState<string | null>(null)
  const toggle = useCallback(
    (id: string, range = false) => {
      setIds((now) => (range && last !== null ? withRange(now, rows, last, id) : withToggled(now, id)))
      setLast(id)
    },
    [rows, last],
  )
  const all = rows.length > 0 && rows.every((row) => ids.has(row.id))
  return {
    ids,
    rows: useMemo(() => rows.filter((row) => ids.has(row.id)), [rows, ids]),
    all,
    toggle,
    toggleAll: () => setIds(all ? new Set() : new Set(rows.map((row) => row.id))),
    clear: () => setIds(new Set()),
  }
}

function withToggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}

function withRange(
  ids: ReadonlySet<string>,
  rows: readonly DatasetRow[],
  from: string,
  to: string,
): ReadonlySet<string> {
  const [a, b] = [rows.findIndex((row) => row.id === from), rows.findIndex((row) => row.id === to)]
  if (a < 0 || b < 0) return withToggled(ids, to)
  return new Set([...ids, ...rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((row) => row.id)])
}
