import { queryOptions } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'
import type { queryOf } from './model/filters'
import { stepFor } from './model/pages'

const COUNT_AGAIN_MS = 300

/** The query of a list's length and of the cursors in it; a long list is counted over several requests. */
export function useMilestoneOptions() {
  const { name, show, version } = useDataset()
  const step = stepFor(show.counts.items)
  const at = `${show.id}@${version}`
  return useCallback(
    (query: ReturnType<typeof queryOf>) =>
      queryOptions<Schemas['Milestones']>({
        queryKey: ['dataset', name, 'milestones', version, query, step],
        staleTime: Infinity,
        refetchInterval: ({ state }) => (state.data?.exact === false ? COUNT_AGAIN_MS : false),
        queryFn: ({ signal }) =>
          unwrap(
            api.GET('/api/v1/datasets/{dataset}/items/milestones', {
              params: { path: { dataset: at }, query: { ...query, step } },
              signal,
            }),
          ),
      }),
    [name, at, version, step],
  )
}
