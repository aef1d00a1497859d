import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { filtersIn, queryOf, sortIn } from './filters'

const PAGE = 50

/** The list under the filters and in the order of the address, page by page. */
export function useDatasets() {
  const [parameters] = useSearchParams()
  const filters = useMemo(() => filtersIn(parameters), [parameters])
  const sort = sortIn(parameters)
  const pages = useInfiniteQuery({
    queryKey: ['datasets', 'list', filters, sort],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/datasets', {
          params: { query: { ...queryOf(filters), sort, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  return { ...pages, filters, sort, rows }
}

/** Counts of the facets, each under all other filters. */
export function useDatasetFacets() {
  const [parameters] = useSearchParams()
  const filters = useMemo(() => filtersIn(parameters), [parameters])
  return useQuery({
    queryKey: ['dataset-facets', filters],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/dataset-facets', { params: { query: queryOf(filters) }, signal })),
  })
}
