import { Drawer } from '@mantine/core'
import { IconColorSwatch, IconLayoutColumns, IconListSearch, IconRuler2 } from '@tabler/icons-react'
import { useState } from 'react'
import type { Chrome } from '../hooks/useChrome'
import { useViewer } from '../hooks/useViewer'
import { useStore } from '../model/store'
import { Tags } from '../panel/Tags'
import { PhoneBar, Tab } from '../phone/Phone'
import { DateBar } from './axis/DateBar'
import { useRaster } from './hooks/useRaster'
import { BandsSection } from './panel/BandsSection'
import { ClassesSection } from './panel/ClassesSection'
import { RasterLayersSection } from './panel/RasterLayersSection'
import { UnderSection } from './panel/UnderSection'
import { RasterStage } from './stage/RasterStage'

/** The viewer of rasters on a phone, for looking: the chip, its dates, four rooms at the bottom. */
export function RasterPhone({ chrome }: { chrome: Chrome }) {
  const { tool: tools } = useViewer()
  const { moments, isSwiping, toggleSwipe } = useRaster()
  const tool = useStore(tools)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="view phone-view">
      <PhoneBar />
      <RasterStage />
      {moments.length > 1 && <DateBar isPhone />}
      <nav className="phone-tabs" aria-label="Viewer">
        <Tab icon={IconColorSwatch} label="Bands" isOn={isOpen} press={() => setOpen(true)} />
        <Tab icon={IconLayoutColumns} label="Swipe" isOn={isSwiping} press={toggleSwipe} />
        <Tab
          icon={IconRuler2}
          label="Measure"
          isOn={tool === 'measure'}
          press={() => tools.set(tool === 'measure' ? 'pan' : 'measure')}
        />
        <Tab icon={IconListSearch} label="Metadata" isOn={chrome.tags} press={() => chrome.toggle('tags')} />
      </nav>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="bottom"
        size="70%"
        title="Bands and layers"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <BandsSection />
        <RasterLayersSection />
        <ClassesSection />
        <UnderSection />
      </Drawer>
      {chrome.tags && <Tags close={() => chrome.close('tags')} />}
    </div>
  )
}
