import { useMemo } from 'react'
import type { Show } from '../types'
import type { Group } from './model/layout'

export const GROUPINGS = {
  none: 'No groups',
  study: 'By study',
  series: 'By study and series',
} as const

export type Grouping = keyof typeof GROUPINGS

export function useGroups(total: number | null): readonly Group[] {
  return useMemo(() => [{ title: null, count: total ?? 0 }], [total])
}

/** The groupings that mean something for a dataset: where each item is a study of its own, none does. */
export function groupingsOf(show: Pick<Show, 'counts'>): readonly Grouping[] {
  return show.counts.studies < show.counts.items ? ['none', 'study', 'series'] : ['none']
}
