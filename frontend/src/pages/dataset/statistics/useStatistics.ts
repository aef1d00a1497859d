import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'
import { readStatistics, type Statistics } from './types'

/** What was measured of the version that is shown. */
export function useStatistics() {
  const { name, show, version } = useDataset()
  return useQuery<Statistics>({
    queryKey: ['dataset', name, 'statistics', version],
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      readStatistics(
        await unwrap(
          api.GET('/api/v1/datasets/{dataset}/statistics', {
            params: { path: { dataset: `${show.id}@${version}` } },
            signal,
          }),
        ),
      ),
  })
}
