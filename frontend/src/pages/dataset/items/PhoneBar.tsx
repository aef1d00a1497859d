import { ActionIcon } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconLayoutGrid, IconMap2 } from '@tabler/icons-react'
import type { Show } from '../types'
import { OverlaysMenu } from './OverlaysMenu'
import { SearchField } from './SearchField'
import type { View } from './useView'

interface PhoneBarProps {
  view: View
  sets: Show['annotation_sets']
  /** Whether the items may have a place on the map. */
  hasMap: boolean
  openFacets: () => void
}

const ICON = { size: 18, stroke: 1.7, 'aria-hidden': true } as const

/** The tools of a small screen: search, map, labels, filters. */
export function PhoneBar({ view, sets, hasMap, openFacets }: PhoneBarProps) {
  const isMap = view.kind === 'map'
  return (
    <div className="toolbar phone-bar">
      <div className="grow">
        <SearchField view={view} />
      </div>
      {hasMap && (
        <ActionIcon
          variant="default"
          size={44}
          aria-label={isMap ? 'Show as a grid' : 'Show on the map'}
          onClick={() => view.setKind(isMap ? 'grid' : 'map')}
        >
          {isMap ? <IconLayoutGrid {...ICON} /> : <IconMap2 {...ICON} />}
        </ActionIcon>
      )}
      {!isMap && <OverlaysMenu sets={sets} hidden={view.hidden} setHidden={view.setHidden} short />}
      <ActionIcon variant="default" size={44} aria-label="Filters" onClick={openFacets}>
        <IconAdjustmentsHorizontal {...ICON} />
      </ActionIcon>
    </div>
  )
}
