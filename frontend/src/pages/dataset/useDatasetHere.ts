import { skipToken, useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router'
import { showQuery, versionIn } from './showQuery'
import type { Job, Show } from './types'
import type { DatasetHere } from './useDataset'

/** Loads the dataset that the address names, at the version that it asks for. */
export function useDatasetHere(): { here: DatasetHere | null; error: unknown; retry: () => void } {
  const name = useParams()['dataset'] ?? ''
  const asked = versionIn(useSearchParams()[0])
  const ref = asked === null ? name : `${name}@${asked}`
  const query = useQuery(showQuery(name, asked))
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

/** Ids of jobs grow with time: the live document counts unless a newer job has begun. */
export function newer(job: Show['job'], live: Job | undefined): Show['job'] | Job {
  return live !== undefined && (job === null || live.id >= job.id) ? live : job
}
