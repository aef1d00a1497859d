import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'

/** What people call studies and series, by the names that they go by; DICOM's names are long numbers. */
export type Titles = Readonly<Record<'study' | 'series', ReadonlyMap<string, string>>>

/** As many as a facet shows. */
const MOST = 100
const NONE: Titles = { study: new Map(), series: new Map() }

/** Titles of the first studies of the version and of their series; none of pictures that have no tags. */
export function useTitles(hasTags: boolean): Titles {
  const { name, show, version } = useDataset()
  const query = useQuery({
    queryKey: ['dataset', name, 'titles', version],
    enabled: hasTags,
    staleTime: Infinity,
    select: titlesOf,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/studies', {
          params: { path: { dataset: `${show.id}@${version}` }, query: { limit: MOST } },
          signal,
        }),
      ),
  })
  return query.data ?? NONE
}

interface Titled {
  study: string
  title: string
  series: { series: string | null; title: string }[]
}

function titlesOf({ items }: { items: readonly Titled[] }): Titles {
  const pairs = (each: [string | null, string][]) =>
    new Map(
      each.flatMap(([key, title]): [string, string][] =>
        key === null || title === '' ? [] : [[key, title]],
      ),
    )
  return {
    study: pairs(items.map(({ study, title }) => [study, title])),
    series: pairs(
      items.flatMap(({ series }) => series.map((each): [string | null, string] => [each.series, each.title])),
    ),
  }
}
