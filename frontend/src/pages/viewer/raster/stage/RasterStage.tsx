import { Button } from '@mantine/core'
import { IconAlertCircle, IconCubeOff } from '@tabler/icons-react'
import { memo, useState } from 'react'
import { Centred } from '@/parts/Messages'
import { useGestures } from '../../hooks/useGestures'
import { useViewer } from '../../hooks/useViewer'
import { type Store, useStore } from '../../model/store'
import { hasWebGl } from '../../stage/webgl'
import { useRaster } from '../hooks/useRaster'
import { useRasterStage } from '../hooks/useRasterStage'
import { useUnder } from '../hooks/useUnder'
import { RasterCorners } from './RasterCorners'
import { Swipe } from './Swipe'

/** The chip with what is drawn on it, and what is told in its corners. */
export const RasterStage = memo(function RasterStage() {
  const viewer = useViewer()
  const raster = useRaster()
  const { attach, map, item } = viewer
  const tool = useStore(viewer.tool)
  const { failure, isLoading } = useRasterStage(viewer, raster)
  const gestures = useGestures(viewer)
  const [canDraw] = useState(hasWebGl)
  if (!canDraw) return <NoWebGl />
  return (
    <main className={`stage stage-${tool}`} ref={gestures}>
      <h1 className="visually-hidden">
        <bdi>{item.key}</bdi>
      </h1>
      {/* The chip takes keys: Shift with the arrows moves a cursor over it, whose values are told. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="stage-map" ref={attach} tabIndex={0} role="img" aria-label={`Chip ${item.key}`} />
      <RasterCorners />
      {raster.isSwiping && <Swipe />}
      <Loading store={isLoading} />
      {failure !== null && (
        <div className="stage-failed" role="status">
          <IconAlertCircle size={16} stroke={1.7} className="bad" aria-hidden />
          <span className="grow">{failure}</span>
          <Button size="compact-sm" onClick={() => map?.retry()}>
            Try again
          </Button>
        </div>
      )}
      <Told />
    </main>
  )
})

function NoWebGl() {
  return (
    <main className="stage">
      <Centred
        level={1}
        icon={<IconCubeOff size={20} stroke={1.7} aria-hidden />}
        title="This browser does not draw with the graphics card"
      >
        The viewer needs WebGL. Switch hardware acceleration on in the browser’s settings, or take another
        browser.
      </Centred>
    </main>
  )
}

/** Shows itself after a moment, so that nothing flickers. */
function Loading({ store }: { store: Store<boolean> }) {
  return useStore(store) ? <div className="stage-loading" aria-hidden /> : null
}

/** What is under the keyboard's cursor, for those who do not see it. */
function Told() {
  const under = useUnder()
  return (
    <div className="visually-hidden" aria-live="polite">
      {under?.isByKeys === true &&
        `Pixel ${under.pixel.join(', ')}: ${under.right?.told ?? 'values not loaded'}; ` +
          `label ${under.label?.name ?? 'none'}; ${under.ground ?? ''}`}
    </div>
  )
}
