import { skipToken, useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import type { Job, Show } from './types'
import type { DatasetHere } from './useDataset'

/** Loads the dataset that the address names, at the version that it asks for. */
export function useDatasetHere(): { here: DatasetHere | null; error: unknown; retry: () => void } {
  const name = useParams()['dataset'] ?? ''
  const asked = versionIn(useSearchParams()[0])
  const ref = asked === null ? name : `${name}@${asked}`
  const query = useQuery({
    queryKey: ['dataset', name, 'show', asked],
    queryFn: () => unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset: ref } } })),
  })
  const show = query.data
  const live = useQuery<Job>({ queryKey: ['live-job', show?.id], queryFn: skipToken }).data
  const retry = () => void query.refetch()
  if (show === undefined) return { here: null, error: query.error, retry }
  return {
    here: {
      name,
      ref,
      version: show.version,
      isOld: asked !== null,
      show,
      job: newer(show.job, live),
      may: (action) => show.may.includes(action) && (asked === null || action === 'export'),
      refetch: retry,
    },
    error: null,
    retry,
  }
}

/** The version in the address; null for the newest. */
export function versionIn(search: URLSearchParams): number | null {
  const text = search.get('version') ?? ''
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

/** Ids of jobs grow with time: the live document counts unless a newer job has begun. */
export function newer(job: Show['job'], live: Job | undefined): Show['job'] | Job {
  return live !== undefined && (job === null || live.id >= job.id) ? live : job
}
