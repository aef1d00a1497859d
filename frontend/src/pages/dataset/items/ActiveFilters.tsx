import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { visibleEnd } from '@/parts/format'
import { titleOf, useFacets, useHasTags } from './Facets'
import { nameOfValue } from './model/words'
import {
  activeFields,
  type Filters,
  FIELD_TITLES,
  isTagSearch,
  NO_FILTERS,
  toggled,
  without,
} from './model/filters'
import { useTitles } from './useTitles'

interface ActiveFiltersProps {
  filters: Filters
  setFilters: (filters: Filters) => void
}

/** What is asked, as chips above the grid: each takes itself away. */
export function ActiveFilters({ filters, setFilters }: ActiveFiltersProps) {
  const facets = useFacets(filters).data?.facets ?? []
  const titles = useTitles(useHasTags(filters))
  const active = activeFields(filters)
  if (active.length === 0) return null
  return (
    <div className="row wrap active-filters" role="group" aria-label="Active filters">
      {active.flatMap((field) => {
        if (field === 'search') {
          const text = isTagSearch(filters.search)
            ? `Tag or name: ${filters.search.trim()}`
            : `Name has “${visibleEnd(filters.search)}”`
          return [<Chip key="search" text={text} drop={() => setFilters(without(filters, 'search'))} />]
        }
        const values = facets.find((facet) => facet.name === field)?.values
        return filters.values[field].map((value) => (
          <Chip
            key={`${field} ${value}`}
            text={`${FIELD_TITLES[field]}: ${titleOf(field, value, titles) ?? nameOfValue(field, value, values)}`}
            drop={() => setFilters(toggled(filters, field, value))}
          />
        ))
      })}
      <Button variant="transparent" size="compact-sm" className="acc" onClick={() => setFilters(NO_FILTERS)}>
        Clear all
      </Button>
    </div>
  )
}

function Chip({ text, drop }: { text: string; drop: () => void }) {
  return (
    <button type="button" className="plain chip acc x active-chip" onClick={drop} title={text}>
      <bdi className="el">{text}</bdi>
      <IconX size={12} stroke={1.7} aria-hidden />
      <span className="visually-hidden">, take away</span>
    </button>
  )
}
