import { memo } from 'react'
import type { Chrome } from '../../hooks/useChrome'
import { Tags } from '../../panel/Tags'
import { BandsSection } from './BandsSection'
import { ChipSection } from './ChipSection'
import { ClassesSection } from './ClassesSection'
import { RasterLayersSection } from './RasterLayersSection'
import { UnderSection } from './UnderSection'

/** The panel at the right; the drawer with all metadata lies over it. */
export const RasterPanel = memo(function RasterPanel({ chrome }: { chrome: Chrome }) {
  if (chrome.tags) return <Tags close={() => chrome.close('tags')} />
  return (
    <aside className="panel" aria-label="Panel">
      <RasterLayersSection />
      <BandsSection />
      <UnderSection />
      <ClassesSection />
      <ChipSection showTags={() => chrome.toggle('tags')} />
    </aside>
  )
})
