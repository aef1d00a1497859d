import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Distribution } from '@/parts/charts/distribution'
import { useDataset } from './useDataset'

/** How the classes of an annotation set are spread at the version that is shown; nothing is asked for null. */
export function useDistribution(set: string | null) {
  const { name, show, version } = useDataset()
  return useQuery<Distribution>({
    queryKey: ['dataset', name, 'distribution', version, set],
    enabled: set !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      // Described with both forms that it has; without format it is the document.
      (await unwrap(
        api.GET('/api/v1/datasets/{dataset}/annotations/{set}/distribution', {
          params: { path: { dataset: `${show.id}@${version}`, set: set ?? '' } },
          signal,
        }),
      )) as Distribution,
  })
}

/** The same as a file. */
export function distributionFile(dataset: string, version: number, set: string): string {
  return `/api/v1/datasets/${encodeURIComponent(`${dataset}@${version}`)}/annotations/${encodeURIComponent(set)}/distribution?format=csv`
}
