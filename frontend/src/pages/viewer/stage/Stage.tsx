import { memo, useState } from 'react'
import { useGestures } from '../hooks/useGestures'
import { usePrefetch } from '../hooks/usePrefetch'
import { useReadout } from '../hooks/useReadout'
import { useStage } from '../hooks/useStage'
import { useCurrentKey, useViewer } from '../hooks/useViewer'
import { useStore } from '../model/store'
import { Corners } from './Corners'
import { Failed, Loading, NoWebGl } from './StageStates'
import { hasWebGl } from './webgl'

/** The picture with what is drawn on it, and what is told in its corners. */
export const Stage = memo(function Stage() {
  const viewer = useViewer()
  const { attach, map } = viewer
  const key = useCurrentKey()
  const tool = useStore(viewer.tool)
  const { failure, isLoading } = useStage(viewer)
  usePrefetch(viewer)
  const gestures = useGestures(viewer)
  const [canDraw] = useState(hasWebGl)
  if (!canDraw) return <NoWebGl />
  return (
    <main className={`stage stage-${tool}`} ref={gestures}>
      <h1 className="visually-hidden">
        <bdi>{key}</bdi>
      </h1>
      {/* The picture takes keys: Shift with the arrows moves a cursor over it, whose value is told. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="stage-map" ref={attach} tabIndex={0} role="img" aria-label={`Picture ${key}`} />
      <Corners />
      <Loading store={isLoading} />
      {failure !== null && <Failed why={failure} retry={() => map?.retry()} />}
      <Told />
    </main>
  )
})

/** What is under the keyboard's cursor, for those who do not see it. */
function Told() {
  const readout = useReadout()
  const isTold = readout?.isByKeys === true
  return (
    <div className="visually-hidden" aria-live="polite">
      {isTold &&
        `Pixel ${readout.pixel.join(', ')}: value ${readout.value ?? 'not loaded'}; ` +
          `label ${readout.classes.join(', ') || 'none'}` +
          (readout.position === null ? '' : `; position ${readout.position} mm`)}
    </div>
  )
}
