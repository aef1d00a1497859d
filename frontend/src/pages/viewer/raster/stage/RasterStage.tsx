import { memo, useState } from 'react'
import { useGestures } from '../../hooks/useGestures'
import { useViewer } from '../../hooks/useViewer'
import { useStore } from '../../model/store'
import { Failed, Loading, NoWebGl } from '../../stage/StageStates'
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
      {failure !== null && <Failed why={failure} retry={() => map?.retry()} />}
      <Told />
    </main>
  )
})

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
