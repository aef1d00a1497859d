import { ActionIcon } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import type { Show } from '../types'
import { OverlaysMenu } from './OverlaysMenu'
import { SearchField } from './SearchField'
import type { View } from './useView'

interface PhoneBarProps {
  view: View
  sets: Show['annotation_sets']
  openFacets: () => void
}

/** The tools of a small screen: search, labels, filters. */
export function PhoneBar({ view, sets, openFacets }: PhoneBarProps) {
  return (
    <div className="toolbar phone-bar">
      <div className="grow">
        <SearchField view={view} />
      </div>
      <OverlaysMenu sets={sets} hidden={view.hidden} setHidden={view.setHidden} short />
      <ActionIcon variant="default" size={44} aria-label="Filters" onClick={openFacets}>
        <IconAdjustmentsHorizontal size={18} stroke={1.7} aria-hidden />
      </ActionIcon>
    </div>
  )
}
