import { Tooltip } from '@mantine/core'
import {
  IconArrowsMaximize,
  IconGridDots,
  IconHandStop,
  IconLayoutColumns,
  IconMapPin,
  IconRotateClockwise,
  IconRuler2,
  IconZoomIn,
} from '@tabler/icons-react'
import { Link } from 'react-router'
import { turn } from '../hooks/useActions'
import { useViewer } from '../hooks/useViewer'
import { patch, useStore } from '../model/store'
import { IconButton } from '../panel/IconButton'
import type { Tool } from '../stage/tools'
import { useRaster } from './hooks/useRaster'

/** The tools of the bar: dragging, the whole chip, the swipe, the map. */
export function RasterTools() {
  const viewer = useViewer()
  const { state: store, map, item, name } = viewer
  const { isSwiping, toggleSwipe } = useRaster()
  const { smooth } = useStore(store)
  const tool = useStore(viewer.tool)
  const toggle = (wanted: Tool) => ({ isOn: tool === wanted, onClick: () => viewer.tool.set(wanted) })
  return (
    <div className="row vbar-tools" role="toolbar" aria-label="Tools">
      <IconButton icon={IconHandStop} label="Drag moves the chip" keys="H" {...toggle('pan')} />
      <IconButton icon={IconZoomIn} label="Drag zooms" keys="Z" {...toggle('zoom')} />
      <IconButton icon={IconRuler2} label="Measure a length" keys="M" {...toggle('measure')} />
      <span className="vbar-line" />
      <IconButton
        icon={IconArrowsMaximize}
        label="All of the chip"
        keys="0"
        onClick={() => map?.camera.fit()}
      />
      <Tooltip label="One pixel of the chip for one of the screen (1)">
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
      <span className="vbar-line" />
      <Tooltip label="Compare two dates, layers or ways to show them (S)">
        <button
          type="button"
          className={`plain ib swipe-button ${isSwiping ? 'on' : ''}`}
          aria-pressed={isSwiping}
          onClick={toggleSwipe}
        >
          <IconLayoutColumns size={16} stroke={1.7} aria-hidden />
          Swipe
        </button>
      </Tooltip>
      <IconButton
        icon={IconGridDots}
        label="Exact pixels"
        keys="N"
        isOn={!smooth}
        onClick={() => patch(store, { smooth: !smooth })}
      />
      {item.place !== null && (
        <Tooltip label="Show it on the map">
          <Link
            className="ib map-link"
            aria-label="Show it on the map"
            to={`/datasets/${encodeURIComponent(name)}/items?view=map&chip=${encodeURIComponent(item.key)}`}
          >
            <IconMapPin size={16} stroke={1.7} aria-hidden />
          </Link>
        </Tooltip>
      )}
    </div>
  )
}
