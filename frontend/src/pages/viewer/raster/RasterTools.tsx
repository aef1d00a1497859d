import { Tooltip } from '@mantine/core'
import { IconLayoutColumns, IconMapPin } from '@tabler/icons-react'
import { Link } from 'react-router'
import { DragTools, ExactPixels, SightTools } from '../bar/ViewTools'
import { useViewer } from '../hooks/useViewer'
import { useRaster } from './hooks/useRaster'

/** The tools of the bar: dragging, the whole chip, the swipe, the map. */
export function RasterTools() {
  const { item, name } = useViewer()
  const { isSwiping, toggleSwipe } = useRaster()
  return (
    <div className="row vbar-tools" role="toolbar" aria-label="Tools">
      <DragTools of="chip" />
      <span className="vbar-line" />
      <SightTools of="chip" />
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
      <ExactPixels />
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
