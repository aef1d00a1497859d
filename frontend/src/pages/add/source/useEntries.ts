import { request } from '@/api/client'
import { usePages } from '@/parts/usePages'

/** An entry of a folder of the server. */
export interface Entry {
  name: string
  kind: 'folder' | 'file'
  bytes: number | null
  modified: number | null
}

const ENTRIES_ASKED = 200

/** What lies in a folder below a registered one, folders first. */
export function useEntries(root: string, path: string) {
  return usePages<Entry>(['roots', root, path], async (after, signal) => {
    const query = new URLSearchParams({
      path,
      limit: String(ENTRIES_ASKED),
      ...(after === undefined ? {} : { after }),
    })
    const answer = await request(`/api/v1/roots/${encodeURIComponent(root)}/entries?${query.toString()}`, {
      signal,
    })
    return (await answer.json()) as { items: Entry[]; next: string | null }
  })
}
