import { useSyncExternalStore } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { ApiError, type Problem, problemOf } from '@/api/errors'
import { queryClient } from '@/api/queries'
import { recipeOf } from '@/parts/recipe/form'
import { changeDraft, type Draft, draftOf, dropDraft, submittedDrafts } from './drafts'
import { nameOf, type Source, sourceKey } from './sources'
import { forgetUpload, subscribe, uploadStates } from './store'
import { readUnfinished, UPLOADS_KEY } from './unfinished'

export type Begun = Schemas['Begun']

/** How the making of a dataset stands, from Create on. */
export type Submission =
  | { phase: 'waiting' }
  | { phase: 'creating' }
  | { phase: 'refused'; problem: Problem }
  | { phase: 'begun'; begun: Begun }

type Heard = (source: Source, submission: Submission) => void

const AGAIN_MS = 4_000
const RECENT_SECONDS = 600
const submissions = new Map<string, Submission>()
const listeners = new Set<() => void>()
const heard = new Set<Heard>()

function set(source: Source, submission: Submission): void {
  submissions.set(sourceKey(source), submission)
  listeners.forEach((listener) => listener())
  heard.forEach((hear) => hear(source, submission))
}

/** Make the dataset of a source as its draft says; of an upload as soon as its last byte is there. */
export function submit(source: Source): void {
  changeDraft(source, { submitted: true })
  void go(source)
}

/** Take Create back, while the bytes are still on their way. */
export function withdraw(source: Source): void {
  changeDraft(source, { submitted: false })
  submissions.delete(sourceKey(source))
  listeners.forEach((listener) => listener())
}

async function go(source: Source, isAgain = false): Promise<void> {
  const now = submissions.get(sourceKey(source))?.phase
  if (now === 'creating' || now === 'begun') return
  if (source.kind === 'upload' && !isWhole(source.id)) {
    set(source, { phase: 'waiting' })
    return
  }
  set(source, { phase: 'creating' })
  const draft = draftOf(source)
  try {
    take(source, await unwrap(api.POST('/api/v1/datasets', { body: requestOf(source, draft) })))
  } catch (error) {
    const made = isAgain ? await madeBefore(source, draft).catch(() => null) : null
    if (made !== null) {
      take(source, made)
      return
    }
    if (error instanceof ApiError && error.problem.code === 'upload_unfinished') {
      set(source, { phase: 'waiting' })
    } else if (error instanceof ApiError && error.status < 500) {
      changeDraft(source, { submitted: false })
      set(source, { phase: 'refused', problem: problemOf(error) })
    } else {
      // The server is away: what was asked for stays asked for.
      set(source, { phase: 'waiting' })
      setTimeout(() => void go(source, true), AGAIN_MS)
    }
  }
}

function take(source: Source, begun: Begun): void {
  dropDraft(source)
  queryClient.setQueryData(['job', begun.job.id], begun.job)
  if (begun.dataset !== null) queryClient.setQueryData(['live-job', begun.dataset.id], begun.job)
  set(source, { phase: 'begun', begun })
  if (source.kind === 'upload') {
    const own = uploadStates().find((each) => each.id === source.id)
    if (own !== undefined) forgetUpload(own.key)
    void queryClient.invalidateQueries({ queryKey: UPLOADS_KEY })
  }
  for (const key of ['datasets', 'dataset-facets', 'jobs']) {
    void queryClient.invalidateQueries({ queryKey: [key] })
  }
}

/** The dataset that an earlier request made, whose answer was lost on the way. */
async function madeBefore(source: Source, draft: Draft): Promise<Begun | null> {
  const filename = uploadStates().find((each) => source.kind === 'upload' && each.id === source.id)?.chosen
    .name
  const dataset = draft.name ?? (filename === undefined ? null : nameOf(filename))
  if (dataset === null) return null
  const page = await unwrap(
    api.GET('/api/v1/datasets', { params: { query: { search: dataset, limit: 20 } } }),
  )
  const row = page.items.find((each) => each.name === dataset)
  if (row === undefined || Date.now() / 1000 - row.created_at > RECENT_SECONDS) return null
  const jobs = await unwrap(api.GET('/api/v1/jobs', { params: { query: { dataset: row.id, limit: 1 } } }))
  const job = jobs.items[0]
  return job === undefined ? null : { dataset: row, job }
}

function requestOf(source: Source, draft: Draft): Schemas['NewDatasetRequest'] {
  return {
    source,
    options: optionsOf(draft),
    display_name: draft.displayName,
    description: draft.description,
    tags: draft.tags,
    keep_succeeded: draft.keepSucceeded,
    ...(draft.name === null ? {} : { name: draft.name }),
    ...(draft.format === null ? {} : { format: draft.format }),
  }
}

const IN_RECIPE = ['data_suffixes', 'label_suffix', 'purpose', 'nodata', 'scene']

/** The options of a draft; a recipe says all that those of it said before. */
export function optionsOf({ options, form }: Pick<Draft, 'options' | 'form'>): Record<string, string> {
  if (form === null) return options
  const others = Object.entries(options).filter(([name]) => !IN_RECIPE.includes(name))
  return { ...Object.fromEntries(others), recipe: JSON.stringify(recipeOf(form)) }
}

/** Whether the server has all of it, as far as this page knows; it is asked when this page does not hold it. */
function isWhole(id: string): boolean {
  const own = uploadStates().find((each) => each.id === id)
  return own === undefined || own.phase === 'finished'
}

/** What Create was pressed for before a reload goes on: at once where the upload is whole. */
export async function resumeSubmitted(): Promise<void> {
  const waiting = submittedDrafts().filter(({ source }) => !submissions.has(sourceKey(source)))
  if (waiting.length === 0) return
  const uploads = await readUnfinished()
  for (const { source } of waiting) {
    if (source.kind !== 'upload') continue
    const known = uploads.find((each) => each.id === source.id)
    if (known === undefined) dropDraft(source)
    else if (known.offset === known.bytes) void go(source)
  }
}

/** Hear of every step of every submission. */
export function hearSubmissions(hear: Heard): () => void {
  heard.add(hear)
  return () => heard.delete(hear)
}

export function useSubmission(source: Source | null): Submission | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => (source === null ? undefined : submissions.get(sourceKey(source))),
  )
}

/** For tests. */
export function resetSubmissions(): void {
  submissions.clear()
}

// An upload that ends makes the dataset that was asked for, whatever page is shown.
subscribe(() => {
  for (const upload of uploadStates()) {
    if (upload.phase !== 'finished' || upload.id === null) continue
    const source: Source = { kind: 'upload', id: upload.id }
    if (draftOf(source).submitted && submissions.get(sourceKey(source))?.phase !== 'refused') void go(source)
  }
})
