import { api, unwrap } from '@/api/client'
import { usePages } from '@/parts/usePages'

const ENTRIES_ASKED = 200

/** What lies in a folder below a registered one, folders first. */
export function useEntries(root: string, path: string) {
  return usePages(['roots', root, path], (after, signal) =>
    unwrap(
      api.GET('/api/v1/roots/{root}/entries', {
        params: { path: { root }, query: { path, limit: ENTRIES_ASKED, after } },
        signal,
      }),
    ),
  )
}

export type Entry = ReturnType<typeof useEntries>['items'][number]
