import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { visibleEnd } from '@/parts/format'
import { useFacets } from './Facets'
import { nameOfValue } from './model/words'
import { activeFields, type Filters, FIELD_TITLES, NO_FILTERS, toggled, without } from './model/filters'

interface ActiveFiltersProps {
  filters: Filters
  setFilters: (filters: Filters) => void
}

/** What is asked, as chips above the grid: each takes itself away. */
export function ActiveFilters({ filters, setFilters }: ActiveFiltersProps) {
  const facets = useFacets(filters).data?.facets ?? []
  const active = activeFields(filters)
  if (active.length === 0) return null
  return (
    <div className="row wrap active-filters" role="group" aria-label="Active filters">
      {active.flatMap((field) => {
        if (field === 'search') {
          const text = `Name has “${visibleEnd(filters.search)}”`
          return [<Chip key="search" text={text} drop={() => setFilters(without(filters, 'search'))} />]
        }
        const values = facets.find((facet) => facet.name === field)?.values
        return filters.values[field].map((value) => (
          <Chip
            key={`${field} ${value}`}
            text={`${FIELD_TITLES[field]}: ${nameOfValue(field, value, values)}`}
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
