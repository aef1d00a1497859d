import { useSyncExternalStore } from 'react'
import type { Form } from '@/parts/recipe/form'
import { type Source, sourceKey } from './sources'

/** What a person has decided about a source so far; kept in this browser until its dataset exists. */
export interface Draft {
  source: Source
  format: string | null
  options: Record<string, string>
  /** How chips are read, where a person changed what was proposed, or where nothing could be. */
  form: Form | null
  /** The source cannot be looked into before Create: what is in it is typed by hand. */
  unchecked: boolean
  /** Null: called as the file. */
  name: string | null
  displayName: string
  description: string
  tags: string[]
  /** Publish what succeeds without asking. */
  keepSucceeded: boolean
  /** Create was pressed: the dataset is made as soon as the last byte is there. */
  submitted: boolean
  changedAt: number
}

const STORED = 'triptych.add'
const KEPT = 30

type Drafts = Record<string, Draft>

const listeners = new Set<() => void>()
let drafts: Drafts = read()

function read(): Drafts {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}') as Drafts
  } catch {
    return {}
  }
}

function write(changed: Drafts): void {
  const newest = Object.entries(changed).sort(([, a], [, b]) => b.changedAt - a.changedAt)
  drafts = Object.fromEntries(newest.slice(0, KEPT))
  try {
    localStorage.setItem(STORED, JSON.stringify(drafts))
  } catch {
    // A browser that stores nothing: the draft lives as long as the page.
  }
  listeners.forEach((listener) => listener())
}

function blank(source: Source): Draft {
  return {
    source,
    format: null,
    options: {},
    form: null,
    unchecked: false,
    name: null,
    displayName: '',
    description: '',
    tags: [],
    keepSucceeded: false,
    submitted: false,
    changedAt: 0,
  }
}

/** What was decided about a source; nothing yet for one that is new. */
export function draftOf(source: Source): Draft {
  // A draft that an earlier release wrote may lack what came later.
  return { ...blank(source), ...drafts[sourceKey(source)] }
}

export function changeDraft(source: Source, change: Partial<Draft>): void {
  write({ ...drafts, [sourceKey(source)]: { ...draftOf(source), ...change, changedAt: Date.now() } })
}

export function dropDraft(source: Source): void {
  const key = sourceKey(source)
  if (key in drafts) write(Object.fromEntries(Object.entries(drafts).filter(([each]) => each !== key)))
}

/** Drafts of which Create was pressed and no dataset is known. */
export function submittedDrafts(): Draft[] {
  return Object.values(drafts).filter((draft) => draft.submitted)
}

export function useDraft(source: Source): Draft {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => drafts,
  )
  return draftOf(source)
}

// Another tab may have decided something, or made the dataset.
if (typeof window !== 'undefined') {
  window.addEventListener('storage', (event) => {
    if (event.key !== STORED) return
    drafts = read()
    listeners.forEach((listener) => listener())
  })
}
