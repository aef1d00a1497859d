import { memo, type ReactNode } from 'react'
import {
  IconArrowLeft,
  IconCamera,
  IconCircleHalf2,
  IconContrast2,
  IconFlipHorizontal,
  IconHelp,
  IconLayoutSidebarRight,
  IconLink,
  IconListSearch,
} from '@tabler/icons-react'
import { Link } from 'react-router'
import { Mark } from '@/frame/TopBar'
import { copyLink, mirror, savePng } from '../hooks/useActions'
import type { Chrome } from '../hooks/useChrome'
import { useViewer } from '../hooks/useViewer'
import { patch, useStore } from '../model/store'
import { IconButton } from '../panel/IconButton'
import { isDicom } from '../types'
import { ItemMenu } from './ItemMenu'
import { Position } from './Position'
import { DragTools, ExactPixels, SightTools, useTool } from './ViewTools'

/** The viewer's bar: back, what is shown, tools in the middle, what is told or taken at the right. */
export const Bar = memo(function Bar({ chrome, tools = <Tools /> }: { chrome: Chrome; tools?: ReactNode }) {
  const viewer = useViewer()
  const { name, show, leave } = viewer
  return (
    <header className="vbar">
      <div className="row vbar-side">
        <IconButton icon={IconArrowLeft} label="Back" keys="Esc" onClick={leave} />
        <span className="vbar-mark">
          <Mark />
        </span>
        <Link className="m3 el vbar-dataset" to={`/datasets/${encodeURIComponent(name)}`}>
          <bdi>{show.display_name}</bdi>
        </Link>
        <ItemMenu />
        <Position />
      </div>
      {tools}
      <div className="row vbar-side vbar-end">
        <IconButton
          icon={IconListSearch}
          label={isDicom(viewer.item) ? 'Tags' : 'Metadata'}
          keys="T"
          isOn={chrome.tags}
          onClick={() => chrome.toggle('tags')}
        />
        <IconButton icon={IconCamera} label="Save the view as PNG" onClick={() => void savePng(viewer)} />
        <IconButton icon={IconLink} label="Copy the link" onClick={() => void copyLink()} />
        <IconButton
          icon={IconLayoutSidebarRight}
          label="Panel"
          keys="P"
          isOn={chrome.panel}
          onClick={() => chrome.toggle('panel')}
        />
        <IconButton icon={IconHelp} label="Keys" keys="?" onClick={() => chrome.toggle('keys')} />
      </div>
    </header>
  )
})

function Tools() {
  const viewer = useViewer()
  const { state: store, isColor } = viewer
  const { invert, flip } = useStore(store)
  const toggle = useTool()
  return (
    <div className="row vbar-tools" role="toolbar" aria-label="Tools">
      <IconButton
        icon={IconContrast2}
        label={isColor ? 'Drag changes brightness and contrast' : 'Drag changes the window'}
        keys="W"
        {...toggle('window')}
      />
      <DragTools of="picture" />
      <span className="vbar-line" />
      <SightTools of="picture" />
      <IconButton
        icon={IconFlipHorizontal}
        label="Mirror"
        keys="F"
        isOn={flip}
        onClick={() => mirror(viewer)}
      />
      <IconButton
        icon={IconCircleHalf2}
        label="Invert"
        keys="I"
        isOn={invert}
        onClick={() => patch(store, { invert: !invert })}
      />
      <span className="vbar-line" />
      <ExactPixels />
    </div>
  )
}
