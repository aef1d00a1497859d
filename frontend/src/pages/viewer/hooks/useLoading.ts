import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useDatasetHere } from '@/pages/dataset/useDatasetHere'
import type { Show } from '@/pages/dataset/types'
import { useStore } from '../model/store'
import type { ItemDocument, Slice } from '../types'
import { type Address, useAddress } from './useAddress'
import { useFirstKey, useItem, useSlices } from './useItem'

/** While slices run by, the item is asked about once they rest. */
const SETTLED_AFTER_MS = 120

export interface Loaded {
  address: Address
  name: string
  ref: string
  show: Show
  item: ItemDocument
  slices: readonly Slice[] | null
}

export type Loading =
  | { state: 'waiting' }
  | {
      state: 'failed'
      error: unknown
      what: 'dataset' | 'item'
      retry: () => void
      address: Address
      name: string
    }
  | { state: 'empty'; name: string }
  | { state: 'loaded'; loaded: Loaded }

/** The dataset, the item and its series, as far as they have come. */
export function useLoading(): Loading {
  const { here, error, retry } = useDatasetHere()
  const address = useAddress()
  const { current } = address
  const wanted = useStore(current)
  const name = here?.name ?? ''
  const where = { name, ref: here?.ref ?? '', filters: address.filters }
  const first = useFirstKey(where, here !== null && wanted === null)
  const key = wanted ?? first.data ?? null

  const [group, setGroup] = useState<ItemDocument>()
  const slices = useSlices(where, group) ?? null
  const [late] = useDebouncedValue(key, SETTLED_AFTER_MS)
  const isSlice = (each: string | null) => slices?.some((slice) => slice.key === each) ?? false
  const isInSeries = isSlice(key)
  // The one before may be of another series: asking for it would go back and forth between the two for ever.
  const item = useItem(where, here === null ? null : isInSeries && isSlice(late) ? late : key)
  if (item.data !== undefined && item.data !== group) setGroup(item.data)

  const found = first.data
  useEffect(() => {
    if (wanted === null && typeof found === 'string') current.set(found)
  }, [wanted, found, current])

  const failed = (what: 'dataset' | 'item', cause: unknown, again: () => void): Loading => {
    return { state: 'failed', what, error: cause, retry: again, address, name }
  }
  if (here === null) return error === null ? { state: 'waiting' } : failed('dataset', error, retry)
  if (item.isError) return failed('item', item.error, () => void item.refetch())
  if (first.isError) return failed('item', first.error, () => void first.refetch())
  if (key === null) return found === null ? { state: 'empty', name } : { state: 'waiting' }
  if (item.data === undefined) return { state: 'waiting' }
  const { ref, show } = here
  return {
    state: 'loaded',
    loaded: { address, name, ref, show, item: item.data, slices: isInSeries ? slices : null },
  }
}
