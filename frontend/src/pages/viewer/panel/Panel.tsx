import { memo } from 'react'
import type { Chrome } from '../hooks/useChrome'
import { CursorSection } from './CursorSection'
import { DisplaySection } from './DisplaySection'
import { ItemSection } from './ItemSection'
import { LabelsSection } from './LabelsSection'
import { LayersSection } from './LayersSection'
import { TagsLater } from './TagsLater'

/** The panel at the right; the drawer with all metadata lies over it. */
export const Panel = memo(function Panel({ chrome }: { chrome: Chrome }) {
  if (chrome.tags) return <TagsLater close={() => chrome.close('tags')} />
  return (
    <aside className="panel" aria-label="Panel">
      <LayersSection />
      <DisplaySection />
      <LabelsSection />
      <CursorSection />
      <ItemSection showTags={() => chrome.toggle('tags')} />
    </aside>
  )
})
