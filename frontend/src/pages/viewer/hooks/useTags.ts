import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useViewer } from './useViewer'

/** The tags of the item's DICOM file; asked for once the drawer is open and the slices rest. */
export function useTags() {
  const { name, ref, item } = useViewer()
  return useQuery({
    queryKey: ['dataset', name, 'tags', ref, item.key],
    staleTime: 300_000,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/item/tags', {
          params: { path: { dataset: ref }, query: { key: item.key } },
          signal,
        }),
      ),
  })
}
