import { api, type Schemas, unwrap } from '@/api/client'
import { usePages } from '@/parts/usePages'
import { useDataset } from '../useDataset'

export type Kind = 'exact' | 'near'
export type Group = Schemas['DuplicateGroup']

const GROUPS = 12

/** Groups of equal or nearly equal pictures, page by page. */
export function useDuplicates(kind: Kind) {
  const { name, show, version } = useDataset()
  return usePages<Group>(['dataset', name, 'duplicates', version, kind], (after, signal) =>
    unwrap(
      api.GET('/api/v1/datasets/{dataset}/duplicates', {
        params: {
          path: { dataset: `${show.id}@${version}` },
          query: { kind, limit: GROUPS, ...(after === undefined ? {} : { after }) },
        },
        signal,
      }),
    ),
  )
}
