import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useDataset } from '../../useDataset'
import type { Filters } from '../model/filters'
import { queryOf } from '../model/filters'
import { askedFor, type Box } from './model/bounds'
import type { ColorBy } from './types'

/** Chips that a rectangle asks for at once; of more the server tells how many lie where. */
export const MOST_SELECTED = 5000

/** The chips that are seen. */
export function useFootprints(box: Box | null, filters: Filters, color: ColorBy) {
  const { name, show, version } = useDataset()
  const bbox = box === null ? '' : askedFor(box)
  const query = queryOf(filters)
  return useQuery({
    queryKey: ['dataset', name, 'footprints', version, bbox, query, color],
    enabled: box !== null,
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/footprints', {
          params: { path: { dataset: `${show.id}@${version}` }, query: { ...query, bbox, color } },
          signal,
        }),
      ),
  })
}

/** Where all items of the version lie, and how many have no place. */
export function useExtent() {
  const { name, show, version } = useDataset()
  return useQuery({
    queryKey: ['dataset', name, 'footprints-extent', version],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/footprints/extent', {
          params: { path: { dataset: `${show.id}@${version}` } },
          signal,
        }),
      ),
  })
}

/** Keys of the chips in a rectangle; null where there are more than can be named. */
export function useKeysIn(filters: Filters): (box: Box) => Promise<string[] | null> {
  const { show, version } = useDataset()
  return async ([west, south, east, north]) => {
    const answer = await unwrap(
      api.GET('/api/v1/datasets/{dataset}/footprints', {
        params: {
          path: { dataset: `${show.id}@${version}` },
          query: {
            ...queryOf(filters),
            bbox: [west, south, Math.min(east, west + 360), north].join(),
            limit: MOST_SELECTED,
          },
        },
      }),
    )
    return answer.complete ? answer.features.map(({ properties }) => properties.key) : null
  }
}

/** Everything about one item, for its card, with its place in the list. */
export function useChip(key: string, filters: Filters) {
  const { name, show, version } = useDataset()
  const query = { ...queryOf(filters), key }
  return useQuery({
    queryKey: ['dataset', name, 'chip', version, query],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/item', {
          params: { path: { dataset: `${show.id}@${version}` }, query },
          signal,
        }),
      ),
  })
}
