import { useQuery } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'

const LEAK = 'split_leaks'
const FIRST = 100

/** The finding that the split divides what belongs together; null when it does not. */
export function useLeak() {
  const { name, show, version } = useDataset()
  return useQuery<Schemas['FindingRow'] | null>({
    queryKey: ['dataset', name, 'leak', version],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const page = await unwrap(
        api.GET('/api/v1/datasets/{dataset}/findings', {
          params: { path: { dataset: `${show.id}@${version}` }, query: { severity: 'error', limit: FIRST } },
          signal,
        }),
      )
      return page.items.find((finding) => finding.code === LEAK) ?? null
    },
  })
}
