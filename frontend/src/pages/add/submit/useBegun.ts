import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { ApiError, type Problem } from '@/api/errors'
import { hasEnded, type Job } from '@/frame/live'

const ASK_AGAIN_MS = 2_000

export interface Begun {
  phase: 'running' | 'ready' | 'needs_decision' | 'failed' | 'cancelled'
  title: string
  items: number
  modality: string | undefined
  rejected: number
  /** Errors and warnings of the dataset. */
  noticed: number
  job: Job | undefined
  /** Why the job failed. */
  problem: Problem | null
  /** Why nobody knows. */
  error: unknown
  retry: () => void
}

/** A dataset that is being made, and the job that does it; a decision's own job goes on in its place. */
export function useBegun(dataset: string, began: string): Begun {
  const first = useJob(began)
  const shown = useQuery({
    queryKey: ['dataset', dataset],
    queryFn: () => unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset } } })),
    // A refused source leaves no dataset; its job says why.
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError),
    refetchInterval: ({ state }) =>
      state.data === undefined || isUnderWay(state.data.state) ? ASK_AGAIN_MS : false,
    enabled: first === undefined || first.state !== 'failed',
  })
  const later = shown.data?.job?.id
  const job = useJob(later === undefined || later === began ? null : later) ?? first
  const title = shown.data?.display_name || dataset
  return {
    phase: phaseOf(job, shown.data?.state),
    title,
    items: shown.data?.counts.items ?? 0,
    modality: shown.data?.modality,
    rejected: shown.data?.bins.rejected ?? 0,
    noticed: (shown.data?.findings.error ?? 0) + (shown.data?.findings.warning ?? 0),
    job,
    problem: job?.state === 'failed' ? problemOf(job) : null,
    error: job === undefined ? shown.error : null,
    retry: () => void shown.refetch(),
  }
}

function useJob(id: string | null): Job | undefined {
  return useQuery({
    queryKey: ['job', id],
    queryFn: () => unwrap(api.GET('/api/v1/jobs/{job}', { params: { path: { job: id ?? '' } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data === undefined || !hasEnded(state.data) ? ASK_AGAIN_MS : false,
  }).data
}

function isUnderWay(state: string): boolean {
  return state === 'waiting' || state === 'onboarding'
}

function phaseOf(job: Job | undefined, state: string | undefined): Begun['phase'] {
  if (state === 'ready') return 'ready'
  if (state === 'needs_decision') return 'needs_decision'
  if (job?.state === 'failed') return 'failed'
  return job?.state === 'cancelled' ? 'cancelled' : 'running'
}

function problemOf(job: Job): Problem | null {
  return job.error
}
