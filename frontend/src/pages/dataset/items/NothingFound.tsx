import { Button } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { count, visibleEnd } from '@/parts/format'
import { Centred } from '@/parts/Messages'
import { useFacets } from './Facets'
import {
  activeFields,
  type Field,
  FIELD_TITLES,
  type Filters,
  NO_FILTERS,
  queryOf,
  without,
} from './model/filters'
import { nameOfValue } from './model/words'
import { useMilestoneOptions } from './useMilestones'

interface NothingFoundProps {
  filters: Filters
  setFilters: (filters: Filters) => void
}

/** Nothing matches: says which filter to drop, the one that hides most. */
export function NothingFound({ filters, setFilters }: NothingFoundProps) {
  const facets = useFacets(filters).data?.facets ?? []
  const optionsOf = useMilestoneOptions()
  const active = activeFields(filters)
  const others = useQueries({
    queries: active.map((field) => optionsOf(queryOf(without(filters, field)))),
  })
  const best = active
    .map((field, place) => ({ field, total: others[place]?.data?.total ?? 0 }))
    .reduce((a, b) => (b.total > a.total ? b : a), { field: active[0] ?? 'search', total: 0 })
  const nameOf = (field: Field | 'search') => {
    if (field === 'search') return `“Name has ${visibleEnd(filters.search)}”`
    const values = facets.find((facet) => facet.name === field)?.values
    const names = filters.values[field].map((value) => nameOfValue(field, value, values))
    return `“${FIELD_TITLES[field]} is ${names.join(field === 'tag' ? ' and ' : ' or ')}”`
  }
  const alone = active.length === 1
  return (
    <Centred
      icon={<IconFilterOff size={20} stroke={1.7} aria-hidden />}
      title="No item matches"
      actions={
        <>
          {best.total > 0 && (
            <Button onClick={() => setFilters(without(filters, best.field))}>Remove that filter</Button>
          )}
          {!(alone && best.total > 0) && (
            <Button onClick={() => setFilters(NO_FILTERS)}>Remove all filters</Button>
          )}
        </>
      }
    >
      {best.total > 0 ? (
        <>
          Without <bdi>{nameOf(best.field)}</bdi> there would be {count(best.total)}.
        </>
      ) : (
        'No single filter is the reason: together they leave nothing.'
      )}
    </Centred>
  )
}
