import { memo, type ReactNode } from 'react'
import {
  IconArrowLeft,
  IconArrowsMaximize,
  IconCamera,
  IconCircleHalf2,
  IconContrast2,
  IconFlipHorizontal,
  IconGridDots,
  IconHandStop,
  IconHelp,
  IconLayoutSidebarRight,
  IconLink,
  IconListSearch,
  IconRotateClockwise,
  IconRuler2,
  IconZoomIn,
} from '@tabler/icons-react'
import { Tooltip } from '@mantine/core'
import { Link } from 'react-router'
import { Mark } from '@/frame/TopBar'
import { copyLink, mirror, savePng, turn } from '../hooks/useActions'
import type { Chrome } from '../hooks/useChrome'
import { useViewer } from '../hooks/useViewer'
import { patch, useStore } from '../model/store'
import { IconButton } from '../panel/IconButton'
import type { Tool } from '../stage/tools'
import { isDicom } from '../types'
import { ItemMenu } from './ItemMenu'
import { Position } from './Position'

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
  const { state: store, map, isColor } = viewer
  const { smooth, invert, flip } = useStore(store)
  const tool = useStore(viewer.tool)
  const toggle = (wanted: Tool) => ({
    isOn: tool === wanted,
    onClick: () => viewer.tool.set(wanted),
  })
  return (
    <div className="row vbar-tools" role="toolbar" aria-label="Tools">
      <IconButton
        icon={IconContrast2}
        label={isColor ? 'Drag changes brightness and contrast' : 'Drag changes the window'}
        keys="W"
        {...toggle('window')}
      />
      <IconButton icon={IconHandStop} label="Drag moves the picture" keys="H" {...toggle('pan')} />
      <IconButton icon={IconZoomIn} label="Drag zooms" keys="Z" {...toggle('zoom')} />
      <IconButton icon={IconRuler2} label="Measure a length" keys="M" {...toggle('measure')} />
      <span className="vbar-line" />
      <IconButton
        icon={IconArrowsMaximize}
        label="All of the picture"
        keys="0"
        onClick={() => map?.camera.fit()}
      />
      <Tooltip label="One pixel of the picture for one of the screen (1)">
        <button
          type="button"
          className="plain vbar-text m2 s12"
          aria-label="1:1"
          onClick={() => map?.camera.actual()}
        >
          1:1
        </button>
      </Tooltip>
      <IconButton icon={IconRotateClockwise} label="Turn right" keys="R" onClick={() => turn(viewer)} />
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
      <IconButton
        icon={IconGridDots}
        label="Exact pixels"
        keys="N"
        isOn={!smooth}
        onClick={() => patch(store, { smooth: !smooth })}
      />
    </div>
  )
}
