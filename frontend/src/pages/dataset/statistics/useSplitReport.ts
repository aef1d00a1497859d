import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'

/** What the split of a version divides, kind by kind, and by what else it could be split. */
export function useSplitReport(isWanted: boolean) {
  const { name, show, version } = useDataset()
  return useQuery({
    queryKey: ['dataset', name, 'split-report', version],
    enabled: isWanted,
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/leaks', {
          params: { path: { dataset: `${show.id}@${version}` } },
          signal,
        }),
      ),
  })
}
