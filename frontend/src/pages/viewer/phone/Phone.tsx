import { Drawer, Menu, UnstyledButton } from '@mantine/core'
import {
  IconArrowLeft,
  IconChevronLeft,
  IconChevronRight,
  IconContrast2,
  IconDotsVertical,
  IconListSearch,
  IconRuler2,
  IconStack2,
  type Icon,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Name } from '@/parts/Name'
import { AxisBar } from '../axis/AxisBar'
import { PositionText } from '../bar/Position'
import { copyLink, mirror, savePng, turn } from '../hooks/useActions'
import type { Chrome } from '../hooks/useChrome'
import { useCurrentKey, useViewer } from '../hooks/useViewer'
import { patch, useStore } from '../model/store'
import { CursorSection } from '../panel/CursorSection'
import { DisplaySection, Presets } from '../panel/DisplaySection'
import { IconButton } from '../panel/IconButton'
import { LabelsSection } from '../panel/LabelsSection'
import { LayersSection } from '../panel/LayersSection'
import { TagsLater } from '../panel/TagsLater'
import { Stage } from '../stage/Stage'
import type { Tool } from '../stage/tools'

/** The viewer on a phone, for looking: the picture, the presets, the slices, four rooms at the bottom. */
export function Phone({ chrome }: { chrome: Chrome }) {
  const viewer = useViewer()
  const { tool: tools, item, stack, isColor } = viewer
  const tool = useStore(tools)
  const [isLayers, setLayers] = useState(false)
  const toggle = (wanted: Tool) => tools.set(tool === wanted ? 'pan' : wanted)
  return (
    <div className="view phone-view">
      <PhoneBar />
      <Stage />
      {!isColor && tool === 'window' && <Presets />}
      {(item.series_items > 1 || stack !== null) && <AxisBar isPhone />}
      <nav className="phone-tabs" aria-label="Viewer">
        <Tab icon={IconContrast2} label="Window" isOn={tool === 'window'} press={() => toggle('window')} />
        <Tab icon={IconStack2} label="Layers" isOn={isLayers} press={() => setLayers(true)} />
        <Tab icon={IconRuler2} label="Measure" isOn={tool === 'measure'} press={() => toggle('measure')} />
        <Tab icon={IconListSearch} label="Tags" isOn={chrome.tags} press={() => chrome.toggle('tags')} />
      </nav>
      <Drawer
        opened={isLayers}
        onClose={() => setLayers(false)}
        position="bottom"
        size="70%"
        title="Layers"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <LayersSection />
        <DisplaySection />
        <LabelsSection />
        <CursorSection />
      </Drawer>
      {chrome.tags && <TagsLater close={() => chrome.close('tags')} />}
    </div>
  )
}

export function PhoneBar() {
  const viewer = useViewer()
  const { step, leave, map, state } = viewer
  const key = useCurrentKey()
  return (
    <header className="vbar">
      <IconButton icon={IconArrowLeft} label="Back" onClick={leave} />
      <div className="grow">
        <b className="el">
          <Name text={key} file />
        </b>
        <PositionText />
      </div>
      <IconButton icon={IconChevronLeft} label="Previous item" onClick={() => step(-1)} />
      <IconButton icon={IconChevronRight} label="Next item" onClick={() => step(1)} />
      <Menu position="bottom-end">
        <Menu.Target>
          <UnstyledButton className="ib" aria-label="More">
            <IconDotsVertical size={16} stroke={1.7} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => map?.camera.fit()}>All of the picture</Menu.Item>
          <Menu.Item onClick={() => map?.camera.actual()}>1:1</Menu.Item>
          <Menu.Item onClick={() => turn(viewer)}>Turn right</Menu.Item>
          <Menu.Item onClick={() => mirror(viewer)}>Mirror</Menu.Item>
          <Menu.Item onClick={() => patch(state, { labels: !state.get().labels })}>
            Labels on or off
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void savePng(viewer)}>Save the view as PNG</Menu.Item>
          <Menu.Item onClick={() => void copyLink()}>Copy the link</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  )
}

interface TabProps {
  icon: Icon
  label: string
  isOn: boolean
  press: () => void
}

export function Tab({ icon: Shape, label, isOn, press }: TabProps) {
  return (
    <button type="button" className={`plain ${isOn ? 'on' : ''}`} aria-pressed={isOn} onClick={press}>
      <Shape size={20} stroke={1.7} aria-hidden />
      {label}
    </button>
  )
}
