import { useQuery } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { Job } from './useJobs'

/** The dataset that a job works on; null while nobody knows, and when it is gone. */
export function useDatasetOfJob(job: Job): Schemas['DatasetShow'] | null {
  const id = job.dataset_id
  const query = useQuery({
    queryKey: ['dataset', id, 'of-job'],
    enabled: id !== null,
    queryFn: async ({ signal }) => {
      try {
        return await unwrap(
          api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset: id ?? '' } }, signal }),
        )
      } catch (error) {
        // A source that was refused leaves no dataset behind.
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
  return query.data ?? null
}
