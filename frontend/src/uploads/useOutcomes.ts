import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type NavigateFunction, useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { hasEnded, type Job } from '@/frame/live'
import { plural } from '@/parts/format'
import { toast } from '@/parts/toast'
import { itemsText } from '@/parts/words'
import { parametersOf, type Source, sourceKey } from './sources'
import { type Begun, hearSubmissions } from './submissions'

/** Tells who is elsewhere what became of what they began in the wizard. */
export function useOutcomes(): void {
  const navigate = useNavigate()
  const client = useQueryClient()
  useEffect(() => {
    const mine = new Map<string, string>()
    const unhear = hearSubmissions((source, submission) => {
      if (submission.phase === 'begun') {
        const { dataset, job } = submission.begun
        if (dataset !== null) mine.set(job.id, dataset.name)
        if (!isShown(source)) tellBegun(submission.begun, navigate)
      } else if (submission.phase === 'refused' && !isShown(source)) {
        toast({
          id: `refused-${sourceKey(source)}`,
          kind: 'warn',
          title: submission.problem.message,
          text: submission.problem.hint,
          action: { label: 'Look', run: () => void navigate(addressOf(source)) },
        })
      }
    })
    const unwatch = watchJobs(client, mine, navigate)
    return () => {
      unhear()
      unwatch()
    }
  }, [client, navigate])
}

function tellBegun({ dataset, job }: Begun, navigate: NavigateFunction): void {
  toast({
    id: `begun-${job.id}`,
    kind: 'info',
    title: `${dataset === null ? job.title : titleOf(dataset)} is being added`,
    action: { label: 'Look', run: () => void navigate(`/jobs/${job.id}`) },
  })
}

function watchJobs(client: QueryClient, mine: Map<string, string>, navigate: NavigateFunction): () => void {
  return client.getQueryCache().subscribe((event) => {
    const [name] = event.query.queryKey as readonly unknown[]
    if (event.type !== 'updated' || name !== 'job') return
    const job = event.query.state.data as Job | undefined
    const dataset = job === undefined ? undefined : mine.get(job.id)
    if (job === undefined || dataset === undefined || !hasEnded(job)) return
    mine.delete(job.id)
    if (new URLSearchParams(window.location.search).get('job') === job.id) return
    if (job.state === 'succeeded') void tellReady(dataset, job, navigate).catch(() => undefined)
    else if (job.state === 'failed') {
      toast({
        id: `job-${job.id}`,
        kind: 'warn',
        title: `${job.title} failed`,
        text: typeof job.error?.['message'] === 'string' ? job.error['message'] : '',
        action: { label: 'Look', run: () => void navigate(`/jobs/${job.id}`) },
      })
    }
  })
}

async function tellReady(dataset: string, job: Job, navigate: NavigateFunction): Promise<void> {
  const shown = await unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset } } }))
  if (shown.state === 'needs_decision') {
    toast({
      id: `job-${job.id}`,
      kind: 'warn',
      title: `${titleOf(shown)} needs a decision`,
      text: `${plural(shown.bins.rejected, 'file was', 'files were')} rejected.`,
      action: { label: 'Decide', run: () => void navigate(begunAddress(dataset, job.id)) },
    })
    return
  }
  const { rejected } = shown.bins
  toast({
    id: `job-${job.id}`,
    title: `${titleOf(shown)} is ready`,
    text: itemsText(shown.counts.items, shown.modality) + (rejected === 0 ? '' : `, ${rejected} rejected`),
    action: { label: 'Open', run: () => void navigate(`/datasets/${encodeURIComponent(dataset)}`) },
  })
}

function titleOf(dataset: { name: string; display_name: string }): string {
  return dataset.display_name === '' ? dataset.name : dataset.display_name
}

/** Where the wizard shows a dataset that is being made. */
export function begunAddress(dataset: string, job: string): string {
  return `/add?${new URLSearchParams({ dataset, job }).toString()}`
}

function addressOf(source: Source): string {
  return `/add?${new URLSearchParams({ ...parametersOf(source), step: 'submit' }).toString()}`
}

/** Whether the wizard shows this very source, and so what becomes of it. */
function isShown(source: Source): boolean {
  const { pathname, search } = window.location
  if (pathname !== '/add') return false
  const shown = new URLSearchParams(search)
  return Object.entries(parametersOf(source)).every(([name, value]) => shown.get(name) === value)
}
