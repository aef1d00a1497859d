import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { Facet, type FacetValue } from '@/parts/FacetList'
import { ProblemNote } from '@/parts/Messages'
import { useDataset } from '../useDataset'
import { type Field, FIELD_TITLES, FIELDS, type Filters, queryOf, toggled } from './model/filters'
import { nameOfValue } from './model/words'
import { type Titles, useTitles } from './useTitles'

/** Parts of a split have the same colours everywhere. */
const PARTS = new Set(['train', 'validation', 'test'])

interface FacetsProps {
  filters: Filters
  setFilters: (filters: Filters) => void
}

/** The facets of the items under the filters, by field. */
export function useFacets(filters: Filters) {
  const { name, show, version } = useDataset()
  const query = useMemo(() => queryOf(filters), [filters])
  return useQuery({
    queryKey: ['dataset', name, 'facets', version, query],
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/facets', {
          params: { path: { dataset: `${show.id}@${version}` }, query },
          signal,
        }),
      ),
  })
}

/** Whether the dataset has DICOM, whose items have tags. */
export function useHasTags(filters: Filters): boolean {
  return useFacets(filters).data?.facets.some(({ name }) => name === 'modality') === true
}

/** What the items can be narrowed down by, with counts under all the other fields. */
export function Facets({ filters, setFilters }: FacetsProps) {
  const facets = useFacets(filters)
  const titles = useTitles(useHasTags(filters))
  if (facets.data === undefined) {
    return facets.error === null ? <Waiting /> : <ProblemNote error={facets.error} />
  }
  const found = new Map(facets.data.facets.map((facet) => [facet.name, facet.values]))
  return FIELDS.map((field) => {
    const values = told(
      field,
      (found.get(field) ?? []).map((value) => valueOf(field, value, titles)),
    )
    if (isPointless(field, values, filters)) return null
    return (
      <Facet
        key={field}
        title={FIELD_TITLES[field]}
        values={values}
        chosen={new Set(filters.values[field])}
        toggle={(value) => setFilters(toggled(filters, field, value))}
        {...(field === 'class' ? { note: 'Pictures with at least one' } : {})}
      />
    )
  })
}

/** Classes that two sets call alike are told apart by their sets. */
function told(field: Field, values: FacetValue[]): FacetValue[] {
  if (field !== 'class') return values
  const isTwice = (label: string) => values.filter((each) => each.label === label).length > 1
  return values.map((each) => {
    const set = each.value.slice(0, Math.max(0, each.value.indexOf(':')))
    return set !== '' && isTwice(each.label) ? { ...each, label: `${each.label}, ${set}` } : each
  })
}

/** The title of a study or a series; of other fields, and without one, null. */
export function titleOf(field: Field, value: string, titles: Titles): string | null {
  return field === 'study' || field === 'series' ? (titles[field].get(value) ?? null) : null
}

function valueOf(field: Field, value: Schemas['FacetValue'], titles: Titles): FacetValue {
  const { value: own, count, exact, color } = value
  const label = titleOf(field, own, titles) ?? value.label
  return {
    value: own,
    label: nameOfValue(field, own, [{ value: own, label }]),
    count,
    exact,
    color: color ?? (field === 'part' && PARTS.has(own) ? `var(--${own})` : undefined),
  }
}

/** A field of which every item has a value of its own, such as the study of pictures that stand alone. */
function isPointless(field: Field, values: readonly FacetValue[], filters: Filters): boolean {
  if (filters.values[field].length > 0) return false
  if (field === 'study' || field === 'series') return values.every((value) => value.count <= 1)
  return values.length === 0
}

function Waiting() {
  return (
    <div className="facets-waiting" aria-busy="true">
      {[3, 3, 2, 2].map((lines, index) => (
        <div key={index} className="facet col">
          <Skeleton height={12} width="40%" />
          {Array.from({ length: lines }, (_, line) => (
            <Skeleton key={line} height={12} />
          ))}
        </div>
      ))}
    </div>
  )
}
