import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { request } from '@/api/client'
import type { ItemDocument, Slice, StudyEntry } from '../types'

interface Where {
  /** The dataset as the address names it; first in the keys of what is asked of it. */
  name: string
  /** The dataset as paths take it: NAME or NAME@3. */
  ref: string
  filters: string
}

async function read<T>(ref: string, path: string, query: string): Promise<T> {
  const answer = await request(`/api/v1/datasets/${encodeURIComponent(ref)}/${path}?${query}`)
  return (await answer.json()) as T
}

function itemQuery({ name, ref, filters }: Where, key: string) {
  return {
    queryKey: ['dataset', name, 'item', ref, key, filters],
    queryFn: () => read<ItemDocument>(ref, 'item', joined(filters, { key })),
    staleTime: 60_000,
  }
}

/** Everything about an item; the one before stays until it has come. */
export function useItem(where: Where, key: string | null) {
  return useQuery({
    ...itemQuery(where, key ?? ''),
    enabled: key !== null,
    placeholderData: keepPreviousData,
  })
}

/** The items after and before an item, asked for so that they are there when they are wanted. */
export function useNeighbours(where: Where, item: ItemDocument | undefined): ItemDocument[] {
  const keys = [item?.next, item?.previous].filter((key) => typeof key === 'string')
  const found = useQueries({ queries: keys.map((key) => itemQuery(where, key)) })
  return found.flatMap(({ data }) => (data === undefined ? [] : [data]))
}

/** The key of the first item under the filters; null when there is none. */
export function useFirstKey({ name, ref, filters }: Where, isWanted: boolean) {
  return useQuery({
    queryKey: ['dataset', name, 'first-item', ref, filters],
    queryFn: async () => {
      const page = await read<{ items: { key: string }[] }>(ref, 'items', joined(filters, { limit: '1' }))
      return page.items[0]?.key ?? null
    },
    enabled: isWanted,
  })
}

/** All slices of a series in their order; asked for once. */
export function useSlices({ name, ref }: Where, item: ItemDocument | undefined) {
  const isSeries = item !== undefined && item.series_items > 1
  const { study = '', series = null } = item ?? {}
  return useQuery({
    queryKey: ['dataset', name, 'series', ref, study, series],
    enabled: isSeries,
    staleTime: 300_000,
    queryFn: async () => {
      const slices: Slice[] = []
      let after: string | null = null
      do {
        const query = joined('', {
          study,
          ...(series === null ? {} : { series }),
          limit: '500',
          ...(after === null ? {} : { after }),
        })
        const page: { items: Slice[]; next: string | null } = await read(ref, 'series', query)
        slices.push(...page.items)
        after = page.next
      } while (after !== null)
      return slices
    },
  }).data
}

/** Studies whose name contains a text, the first hundred. */
export function useStudies({ name, ref }: Where, search: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['dataset', name, 'studies', ref, search],
    enabled: isWanted,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
    queryFn: () =>
      read<{ items: StudyEntry[]; next: string | null }>(
        ref,
        'studies',
        joined('', search === '' ? { limit: '100' } : { search, limit: '100' }),
      ),
  })
}

function joined(filters: string, own: Record<string, string>): string {
  const query = new URLSearchParams(filters)
  for (const [name, value] of Object.entries(own)) query.set(name, value)
  return query.toString()
}
