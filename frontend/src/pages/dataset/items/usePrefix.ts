import { useMemo, useState } from 'react'
import { shorterPrefix } from './model/caption'
import type { Item } from './useItems'

/** What the names have in common, of all that have been seen. */
export function usePrefix(loaded: readonly Item[]): string | null {
  const [known, setKnown] = useState<string | null>(null)
  const next = useMemo(
    () =>
      shorterPrefix(
        known,
        loaded.map((item) => item.key),
      ),
    [known, loaded],
  )
  if (next !== known) setKnown(next)
  return next
}
