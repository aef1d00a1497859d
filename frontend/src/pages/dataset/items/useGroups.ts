import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, unwrap } from '@/api/client'
import type { Show } from '../types'
import { useDataset } from '../useDataset'
import { useHasTags } from './Facets'
import { type Filters, queryOf } from './model/filters'
import type { Group } from './model/layout'
import { useTitles } from './useTitles'

export const GROUPINGS = {
  none: 'No groups',
  study: 'By study',
  series: 'By study and series',
} as const

export type Grouping = keyof typeof GROUPINGS

export interface Grouped {
  groups: readonly Group[]
  error: unknown
  /** Too many to be headers; the list is shown without. */
  tooMany: boolean
}

/** The list as groups with their headers, or as one without. */
export function useGroups(filters: Filters, grouping: Grouping, total: number | null): Grouped {
  const { name, show, version } = useDataset()
  const query = useMemo(() => queryOf(filters), [filters])
  const found = useQuery({
    queryKey: ['dataset', name, 'groups', version, grouping, query],
    enabled: grouping !== 'none',
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/items/groups', {
          params: {
            path: { dataset: `${show.id}@${version}` },
            query: { ...query, by: grouping === 'series' ? 'series' : 'study' },
          },
          signal,
        }),
      ),
  })
  const { data } = found
  const titles = useTitles(useHasTags(filters) && grouping !== 'none')
  const tooMany = data?.complete === false
  const groups = useMemo((): Group[] => {
    if (grouping === 'none' || tooMany) return [{ title: null, count: total ?? 0 }]
    return (data?.groups ?? []).map((each) => ({
      title: titles.study.get(each.study) ?? each.study,
      part: each.series === null ? null : (titles.series.get(each.series) ?? each.series),
      count: each.items,
    }))
  }, [grouping, tooMany, total, data, titles])
  return { groups, error: found.error, tooMany }
}

/** The groupings that mean something for a dataset: where each item is a study of its own, none does. */
export function groupingsOf(show: Pick<Show, 'counts'>): readonly Grouping[] {
  return show.counts.studies < show.counts.items ? ['none', 'study', 'series'] : ['none']
}

/** The folder that a group's items lie in, by which their names begin when they came in folders. */
export function folderOf(group: Pick<Group, 'title' | 'part'>): string {
  return [group.title, group.part].filter((name) => name != null && name !== '').join('/') + '/'
}
