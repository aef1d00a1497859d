import { Tooltip } from '@mantine/core'
import {
  IconArrowsMaximize,
  IconGridDots,
  IconHandStop,
  IconRotateClockwise,
  IconRuler2,
  IconZoomIn,
} from '@tabler/icons-react'
import { turn } from '../hooks/useActions'
import { useViewer } from '../hooks/useViewer'
import { patch, useStore } from '../model/store'
import { IconButton } from '../panel/IconButton'
import type { Tool } from '../stage/tools'

interface ToolsProps {
  /** What the viewer shows, in a word. */
  of: 'picture' | 'chip'
}

/** What dragging can do, one of which is on. */
export function useTool() {
  const viewer = useViewer()
  const tool = useStore(viewer.tool)
  return (wanted: Tool) => ({ isOn: tool === wanted, onClick: () => viewer.tool.set(wanted) })
}

/** Dragging: moving, zooming, measuring. */
export function DragTools({ of }: ToolsProps) {
  const toggle = useTool()
  return (
    <>
      <IconButton icon={IconHandStop} label={`Drag moves the ${of}`} keys="H" {...toggle('pan')} />
      <IconButton icon={IconZoomIn} label="Drag zooms" keys="Z" {...toggle('zoom')} />
      <IconButton icon={IconRuler2} label="Measure a length" keys="M" {...toggle('measure')} />
    </>
  )
}

/** What of it is seen, and how it lies. */
export function SightTools({ of }: ToolsProps) {
  const viewer = useViewer()
  const { map } = viewer
  return (
    <>
      <IconButton
        icon={IconArrowsMaximize}
        label={`All of the ${of}`}
        keys="0"
        onClick={() => map?.camera.fit()}
      />
      <Tooltip label={`One pixel of the ${of} for one of the screen (1)`}>
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
    </>
  )
}

/** Pixels as squares, or smoothed. */
export function ExactPixels() {
  const { state: store } = useViewer()
  const { smooth } = useStore(store)
  return (
    <IconButton
      icon={IconGridDots}
      label="Exact pixels"
      keys="N"
      isOn={!smooth}
      onClick={() => patch(store, { smooth: !smooth })}
    />
  )
}
