import { skipToken, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { api, type Schemas, unwrap } from '@/api/client'

export type Job = Schemas['JobDocument']
export type JobState = Job['state']

const PAGE = 50

/** Jobs that the person may see, newest first, page by page; `?state=` in the address filters. */
export function useJobList() {
  const [search] = useSearchParams()
  const state = (search.get('state') ?? undefined) as JobState | undefined
  const pages = useInfiniteQuery({
    queryKey: ['jobs', 'list', state ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/jobs', { params: { query: { state, limit: PAGE, after: pageParam } }, signal }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return { ...pages, state, jobs: pages.data?.pages.flatMap((page) => page.items) ?? [] }
}

/** One job; what the event stream brings is written into the same place. */
export function useJob(id: string) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/jobs/{job}', { params: { path: { job: id } }, signal })),
  })
}

/** A job as the event stream last told it, else as the list has it. */
export function useFreshest(job: Job): Job {
  const live = useQuery<Job>({ queryKey: ['job', job.id], queryFn: skipToken })
  return live.data ?? job
}

const LOG_PAGE = 500

/** The log; while the job runs its newest lines are asked for every two seconds. */
export function useJobLog(id: string, running: boolean) {
  const log = useInfiniteQuery({
    queryKey: ['job-log', id],
    initialPageParam: undefined as string | undefined,
    refetchInterval: running ? 2000 : false,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/jobs/{job}/log', {
          params: { path: { job: id }, query: { limit: LOG_PAGE, after: pageParam, format: 'json' } },
          signal,
        }),
      ) as Promise<Schemas['Page_LogLineView_']>,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return { ...log, lines: log.data?.pages.flatMap((page) => page.items) ?? [] }
}

/** What the person may set going: stop a job, or let it go on. */
export function useJobActions(id: string) {
  const client = useQueryClient()
  const told = (job: Job) => {
    client.setQueryData(['job', id], job)
    void client.invalidateQueries({ queryKey: ['jobs'] })
    void client.invalidateQueries({ queryKey: ['job-log', id] })
    void client.invalidateQueries({ queryKey: ['datasets'] })
  }
  const path = { params: { path: { job: id } } }
  return {
    cancel: async () => told(await unwrap(api.POST('/api/v1/jobs/{job}/cancel', path))),
    retry: async () => told(await unwrap(api.POST('/api/v1/jobs/{job}/retry', path))),
  }
}
