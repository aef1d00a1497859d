import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Schemas } from '@/api/client'

export type Job = Schemas['JobDocument']

const SAY_EVERY_MS = 10_000
/** How far the clocks of server and browser may lie apart. */
const CLOCKS_MS = 60_000
const ENDED = ['succeeded', 'failed', 'cancelled']

/** Whether nothing happens to a job any more unless it is retried. */
export function hasEnded(job: Pick<Job, 'state'>): boolean {
  return ENDED.includes(job.state)
}

/** Follows every job that the person may see; returns a sentence for the live region, at most every ten seconds. */
export function useLiveJobs(): string {
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  useEffect(() => {
    let lastSaid = 0
    const opened = Date.now() - CLOCKS_MS
    const states = new Map<string, string>()
    const source = new EventSource('/api/v1/events')
    source.addEventListener('job', (event: MessageEvent<string>) => {
      const job = JSON.parse(event.data) as Job
      const before = states.get(job.id)
      states.set(job.id, job.state)
      client.setQueryData(['job', job.id], job)
      client.setQueryData(['live-job', job.dataset_id], job)
      // A job that is new to this page may have a dataset that its lists do not know yet.
      const isNew = before === undefined && (!hasEnded(job) || job.created_at * 1000 > opened)
      if (isNew || (before !== undefined && before !== job.state)) refresh(client, job)
      if (before !== undefined && hasEnded(job) && Date.now() - lastSaid > SAY_EVERY_MS) {
        lastSaid = Date.now()
        setSaid(`${job.title}: ${job.state}`)
      }
    })
    return () => source.close()
  }, [client])
  return said
}

function refresh(client: QueryClient, job: Job) {
  for (const key of ['datasets', 'dataset-facets', 'jobs', 'notifications']) {
    void client.invalidateQueries({ queryKey: [key] })
  }
  if (job.dataset_id !== null) void client.invalidateQueries({ queryKey: ['dataset'] })
}
