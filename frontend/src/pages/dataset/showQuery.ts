import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** The dataset of a name, at a version or at its newest. */
export function showQuery(name: string, version: number | null) {
  const dataset = version === null ? name : `${name}@${version}`
  return queryOptions({
    queryKey: ['dataset', name, 'show', version],
    queryFn: () => unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset } } })),
  })
}

/** The version in the address; null for the newest. */
export function versionIn(search: URLSearchParams): number | null {
  const text = search.get('version') ?? ''
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
