import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { usePages } from '@/parts/usePages'
import { readTemplate, type Tune } from './types'

const PAGE = 50

export const TUNES_KEY = ['tunes'] as const

export function useTuneList(dataset: string | null) {
  return usePages<Tune>([...TUNES_KEY, dataset], (after, signal) => {
    const query = { limit: PAGE, after, ...(dataset === null ? {} : { dataset }) }
    return unwrap(api.GET('/api/v1/tunes', { params: { query }, signal }))
  })
}

export function useTune(id: string) {
  return useQuery({
    queryKey: [...TUNES_KEY, 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/tunes/{tune}', { params: { path: { tune: id } } })),
  })
}

/** They come with the release: asked once. */
export function useTemplates() {
  return useQuery({
    queryKey: ['tune-templates'],
    staleTime: Infinity,
    queryFn: async () => (await unwrap(api.GET('/api/v1/tune-templates'))).map(readTemplate),
  })
}

export function useBaseModels() {
  return useQuery({
    queryKey: ['base-models'],
    staleTime: Infinity,
    queryFn: () => unwrap(api.GET('/api/v1/base-models')),
  })
}
