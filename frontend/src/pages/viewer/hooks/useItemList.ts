import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { filtersIn, queryOf } from '@/pages/dataset/items/model/filters'
import type { Viewer } from './useViewer'

type Where = Pick<Viewer, 'name' | 'ref' | 'filters'>

const PAGE = 50
/** Items between two cursors that the server gives for places in a list. */
const STEP = 500

function queryIn(filters: string) {
  return queryOf(filtersIn(new URLSearchParams(filters)))
}

/** The items under the filters whose name contains a text, page after page. */
export function useItemList({ name, ref, filters }: Where, search: string) {
  const query = { ...queryIn(filters), ...(search === '' ? {} : { search }), limit: PAGE }
  const list = useInfiniteQuery({
    queryKey: ['dataset', name, 'item-list', ref, filters, search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/items', {
          params: { path: { dataset: ref }, query: { ...query, after: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  return {
    items: list.data?.pages.flatMap((page) => page.items) ?? [],
    hasMore: list.hasNextPage,
    isDone: list.isSuccess && !list.isFetching,
    error: list.error,
    more: () => void list.fetchNextPage(),
  }
}

/** The key of the item at a place of the list, counted from 0; null where there is none. */
export async function keyAt({ ref, filters }: Where, index: number): Promise<string | null> {
  const path = { dataset: ref }
  const places = await unwrap(
    api.GET('/api/v1/datasets/{dataset}/items/milestones', {
      params: { path, query: { ...queryIn(filters), step: STEP } },
    }),
  )
  const after = places.cursors[Math.floor(index / STEP)]
  if (after === undefined) return null
  const limit = (index % STEP) + 1
  const page = await unwrap(
    api.GET('/api/v1/datasets/{dataset}/items', {
      params: { path, query: { ...queryIn(filters), after, limit } },
    }),
  )
  return page.items[limit - 1]?.key ?? null
}
