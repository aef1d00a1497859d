import { useCallback, useMemo, useRef, useState } from 'react'
import { count } from '@/parts/format'
import { toast, toastProblem } from '@/parts/toast'
import { EVERYTHING, flipped, MOST_NAMES, NOTHING, type Selection, sizeOf, withKeys } from './model/selection'
import type { ItemList } from './useItems'

export interface Choosing {
  selection: Selection
  size: number
  toggle: (index: number) => Promise<void>
  /** Selects from the item that was chosen last to this one; from `anchor` where none was. */
  extend: (index: number, anchor: number) => Promise<void>
  /** Adds items by their names, those that are not loaded, too. */
  add: (keys: readonly string[]) => void
  toggleKey: (key: string) => void
  all: () => void
  none: () => void
}

/** Which items are selected. Ranges reach over items that are not loaded; their names are asked for. */
export function useChoosing(list: ItemList): Choosing {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const anchor = useRef<{ index: number; base: Selection } | null>(null)
  const { total, item, keys } = list

  const toggle = useCallback(
    async (index: number) => {
      const key = item(index)?.key ?? (await keysOf(keys, index, index))[0]
      if (key === undefined) return
      setSelection((before) => {
        const after = flipped(before, key)
        anchor.current = { index, base: after }
        return after
      })
    },
    [item, keys],
  )
  const extend = useCallback(
    async (index: number, from: number) => {
      anchor.current ??= { index: from, base: selection }
      const { index: start, base } = anchor.current
      const [first, last] = start < index ? [start, index] : [index, start]
      if (last - first >= MOST_NAMES) {
        toast({
          kind: 'warn',
          title: `At most ${count(MOST_NAMES)} items can be selected as a range`,
          text: 'Filter the list and select all that match.',
        })
        return
      }
      const found = await keysOf(keys, first, last)
      setSelection(withKeys(base, found))
    },
    [keys, selection],
  )
  const add = useCallback((keys: readonly string[]) => {
    anchor.current = null
    setSelection((before) => withKeys(before, keys))
  }, [])
  const toggleKey = useCallback((key: string) => {
    anchor.current = null
    setSelection((before) => flipped(before, key))
  }, [])
  const all = useCallback(() => {
    anchor.current = null
    setSelection(EVERYTHING)
  }, [])
  const none = useCallback(() => {
    anchor.current = null
    setSelection(NOTHING)
  }, [])
  const size = sizeOf(selection, total ?? 0)
  return useMemo(
    () => ({ selection, size, toggle, extend, add, toggleKey, all, none }),
    [selection, size, toggle, extend, add, toggleKey, all, none],
  )
}

async function keysOf(keys: ItemList['keys'], first: number, last: number): Promise<string[]> {
  try {
    return await keys(first, last)
  } catch (error) {
    toastProblem(error)
    return []
  }
}
