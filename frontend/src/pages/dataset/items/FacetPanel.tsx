import { Drawer } from '@mantine/core'
import { useRef } from 'react'
import { useKeys } from '@/keys/registry'
import { Facets } from './Facets'
import { SearchField } from './SearchField'
import type { View } from './useView'

interface FacetPanelProps {
  view: View
  opened: boolean
  setOpened: (opened: boolean) => void
}

/** Search and facets at the left; on small screens in a drawer. */
export function FacetPanel({ view, opened, setOpened }: FacetPanelProps) {
  const { filters, setFilters, drawer } = view
  const side = useRef<HTMLElement>(null)
  useKeys([
    {
      id: 'items-facets',
      combo: 'f',
      label: 'Facets',
      group: 'Items',
      run: () => {
        if (drawer) setOpened(!opened)
        else side.current?.querySelector<HTMLElement>('.facet input, .facet button')?.focus()
      },
    },
  ])
  if (drawer) {
    return (
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        title="Filters"
        size={300}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Facets filters={filters} setFilters={setFilters} />
      </Drawer>
    )
  }
  return (
    <aside ref={side} className="side items-side" aria-label="Filters">
      <div className="items-search">
        <SearchField view={view} withKey />
      </div>
      <Facets filters={filters} setFilters={setFilters} />
    </aside>
  )
}
