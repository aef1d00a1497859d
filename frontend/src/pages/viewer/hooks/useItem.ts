import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { filtersIn, queryOf } from '@/pages/dataset/items/model/filters'
import type { ItemDocument, Slice } from '../types'

interface Where {
  /** The dataset as the address names it; first in the keys of what is asked of it. */
  name: string
  /** The dataset as paths take it: NAME or NAME@3. */
  ref: string
  /** The filters of the list that the item came from, as in its address. */
  filters: string
}

export function itemQuery({ name, ref, filters }: Where, key: string) {
  return {
    queryKey: ['dataset', name, 'item', ref, key, filters],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/item', {
          params: { path: { dataset: ref }, query: { ...queryIn(filters), key } },
        }),
      ),
    staleTime: 60_000,
  }
}

function queryIn(filters: string) {
  return queryOf(filtersIn(new URLSearchParams(filters)))
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
  return useQueries({ queries: keys.map((key) => itemQuery(where, key)), combine: dataOf })
}

function dataOf(results: readonly { data: ItemDocument | undefined }[]): ItemDocument[] {
  return results.flatMap(({ data }) => (data === undefined ? [] : [data]))
}

/** The key of the first item under the filters; null when there is none. */
export function useFirstKey({ name, ref, filters }: Where, isWanted: boolean) {
  return useQuery({
    queryKey: ['dataset', name, 'first-item', ref, filters],
    queryFn: async () => {
      const query = { ...queryIn(filters), limit: 1 }
      const page = await unwrap(
        api.GET('/api/v1/datasets/{dataset}/items', { params: { path: { dataset: ref }, query } }),
      )
      return page.items[0]?.key ?? null
    },
    enabled: isWanted,
  })
}

/** All slices of a series in their order; asked for once. */
export function useSlices({ name, ref }: Where, item: ItemDocument | undefined) {
  const { study = '', series = null } = item ?? {}
  return useQuery({
    queryKey: ['dataset', name, 'series', ref, study, series],
    enabled: item !== undefined && item.series_items > 1,
    staleTime: 300_000,
    queryFn: async () => {
      const slices: Slice[] = []
      let after: string | null = null
      do {
        const query: { study: string; series: string | null; limit: number; after: string | null } = {
          study,
          series,
          limit: 500,
          after,
        }
        const page: { items: Slice[]; next: string | null } = await unwrap(
          api.GET('/api/v1/datasets/{dataset}/series', { params: { path: { dataset: ref }, query } }),
        )
        slices.push(...page.items)
        after = page.next
      } while (after !== null)
      return slices
    },
  }).data
}

/** Studies whose name contains a text, the first hundred. */
export function useStudies({ name, ref }: Where, search: string) {
  return useQuery({
    queryKey: ['dataset', name, 'studies', ref, search],
    staleTime: 300_000,
    placeholderData: keepPreviousData,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/studies', {
          params: { path: { dataset: ref }, query: { search: search === '' ? null : search, limit: 100 } },
        }),
      ),
  })
}
