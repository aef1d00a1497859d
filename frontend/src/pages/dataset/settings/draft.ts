import type { Schemas } from '@/api/client'
import type { Show } from '../types'
import { detailsOf, type Row, rowProblem, rowsOf, type Spacing, spacingOf, spacingProblem } from './details'

/** What can be changed of a dataset, as it stands in the fields. */
export interface Draft {
  displayName: string
  description: string
  tags: string[]
  spacing: Spacing
  rows: Row[]
}

type Change = Schemas['DatasetChange']
type Base = Pick<Show, 'name' | 'display_name' | 'description' | 'tags' | 'details'>

export function draftOf(show: Base): Draft {
  return {
    displayName: show.display_name,
    description: show.description,
    tags: show.tags,
    spacing: spacingOf(show.details),
    rows: rowsOf(show.details),
  }
}

/** What the draft changes of the dataset, in the words of the API; null when that is nothing. */
export function changeOf(draft: Draft, show: Base): Change | null {
  const displayName = draft.displayName.trim() === '' ? show.name : draft.displayName
  const details = detailsOf(draft.rows, draft.spacing)
  const change: Change = {
    ...(displayName === show.display_name ? {} : { display_name: displayName }),
    ...(draft.description === show.description ? {} : { description: draft.description }),
    ...(sameTags(draft.tags, show.tags) ? {} : { tags: draft.tags }),
    ...(sameDetails(details, show.details) ? {} : { details }),
  }
  return Object.keys(change).length === 0 ? null : change
}

function sameTags(tags: readonly string[], others: readonly string[]): boolean {
  return tags.length === others.length && tags.every((tag, index) => tag === others[index])
}

function sameDetails(one: object, other: object): boolean {
  const sorted = (each: object) => JSON.stringify(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
  return sorted(one) === sorted(other)
}

/** Whether something in the fields cannot be saved. */
export function hasProblem(draft: Draft): boolean {
  return (
    spacingProblem(draft.spacing) !== null || draft.rows.some((row) => rowProblem(row, draft.rows) !== null)
  )
}
