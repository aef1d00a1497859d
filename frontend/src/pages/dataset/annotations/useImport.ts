import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { hasEnded, type Job } from '@/frame/live'
import type { Chosen } from '@/uploads/chosen'
import { beginUpload, discardUpload, forgetUpload, type UploadState, useUploads } from '@/uploads/store'
import { useDataset } from '../useDataset'
import { newFindings } from './newFindings'
import { UploadEnded, uploaded } from './uploaded'

type Source = Schemas['NewAnnotations']['source']
type FindingRow = Schemas['FindingRow']

/** What labels are read from, and what the set is to be called; null: as the file. */
export interface Wanted {
  source: Chosen | { url: string }
  name: string | null
}

type State =
  | { phase: 'choosing'; error: unknown }
  | { phase: 'uploading'; key: number }
  | { phase: 'sending' }
  | { phase: 'working'; job: string; before: number }

export interface Import {
  phase: State['phase']
  /** Why it did not begin. */
  error: unknown
  upload: UploadState | undefined
  job: Job | undefined
  /** The version that the labels are added to. */
  before: number
  /** What was noticed, once the job has succeeded. */
  findings: FindingRow[] | undefined
  begin: (wanted: Wanted) => void
  cancel: () => void
  /** Back to the choice of a file. */
  reset: () => void
}

const CHOOSING: State = { phase: 'choosing', error: null }
const ASK_AGAIN_MS = 1500

/** Annotation sets from a label file: it is sent, the server reads it, and the next version has them. */
export function useImport(): Import {
  const { show, version } = useDataset()
  const client = useQueryClient()
  const [state, setState] = useState<State>(CHOOSING)
  // What an earlier attempt still says does not count.
  const run = useRef(0)
  const job = useJob(state.phase === 'working' ? state.job : null)
  const before = state.phase === 'working' ? state.before : version
  const findings = useNewFindings(before, job)
  const upload = useUploads().find((each) => state.phase === 'uploading' && each.key === state.key)

  const begin = async ({ source, name }: Wanted) => {
    run.current += 1
    const own = run.current
    const set = (next: State) => {
      if (own === run.current) setState(next)
    }
    try {
      const sent = await bring(source, set)
      set({ phase: 'sending' })
      const begun = await unwrap(
        api.POST('/api/v1/datasets/{dataset}/annotations', {
          params: { path: { dataset: show.id } },
          body: { source: sent.source, name, options: {} },
        }),
      )
      if (sent.key !== null) forgetUpload(sent.key)
      client.setQueryData(['job', begun.job.id], begun.job)
      set({ phase: 'working', job: begun.job.id, before: version })
    } catch (error) {
      set({ phase: 'choosing', error: error instanceof UploadEnded ? null : error })
    }
  }
  const reset = () => {
    run.current += 1
    setState(CHOOSING)
  }
  const cancel = () => {
    if (state.phase === 'uploading') void discardUpload(state.key)
    if (state.phase === 'working') {
      const path = { job: state.job }
      void unwrap(api.POST('/api/v1/jobs/{job}/cancel', { params: { path } })).catch(() => undefined)
      return
    }
    reset()
  }
  return {
    phase: state.phase,
    error: state.phase === 'choosing' ? state.error : null,
    upload,
    job,
    before,
    findings,
    begin: (wanted) => void begin(wanted),
    cancel,
    reset,
  }
}

async function bring(
  source: Wanted['source'],
  set: (state: State) => void,
): Promise<{ source: Source; key: number | null }> {
  if ('url' in source) return { source: { kind: 'url', url: source.url }, key: null }
  const key = beginUpload(source)
  set({ phase: 'uploading', key })
  return { source: { kind: 'upload', id: await uploaded(key) }, key }
}

/** The job, live while it runs; also asked for, in case that the stream of events is not there. */
function useJob(id: string | null): Job | undefined {
  return useQuery<Job>({
    queryKey: ['job', id],
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data !== undefined && hasEnded(state.data) ? false : ASK_AGAIN_MS),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/jobs/{job}', { params: { path: { job: id ?? '' } }, signal })),
  }).data
}

const MOST = 500

/** The findings of the version that a job has published which the one before it had not. */
function useNewFindings(before: number, job: Job | undefined): FindingRow[] | undefined {
  const { name, show } = useDataset()
  const after = job?.state === 'succeeded' ? Number(job.result?.['version']) : null
  return useQuery({
    queryKey: ['dataset', name, 'new-findings', before, after],
    enabled: after !== null,
    staleTime: Infinity,
    queryFn: async () => {
      const at = (version: number) =>
        unwrap(
          api.GET('/api/v1/datasets/{dataset}/findings', {
            params: { path: { dataset: `${show.id}@${version}` }, query: { limit: MOST } },
          }),
        )
      const last = after ?? before
      const [old, now] = await Promise.all([at(last - 1), at(last)])
      return newFindings(old.items, now.items)
    },
  }).data
}

/** The names of the sets that a job has made. */
export function setsOf(job: Job | undefined): string[] {
  const sets = job?.result?.['sets']
  return Array.isArray(sets) ? sets.filter((each) => typeof each === 'string') : []
}
