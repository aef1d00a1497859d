import { IconCompass } from '@tabler/icons-react'
import { useViewer } from '../../hooks/useViewer'
import { scaleBar } from '../../model/geometry'
import { useSelected, useStore } from '../../model/store'
import { useRaster } from '../hooks/useRaster'
import { presetsOf, titleOf } from '../model/display'
import { northOf, resolutionText } from '../model/ground'
import { dayText } from '../model/moments'
import { isDrawn, labelsOf, type Shown, sourcesOf } from '../model/shown'

const LONGEST_BAR = 160

/** What is told in the corners: what each side shows, where north is, how large things are. */
export function RasterCorners() {
  const viewer = useViewer()
  const { right, left, moments, rightAt, leftAt, isSwiping, state } = useRaster()
  const { item } = viewer
  const areLabelsOn = useSelected(viewer.state, (each) => each.labels)
  const hasLabels = areLabelsOn && labelsOf(item).some((layer) => isDrawn(item, layer, state))
  const titled = (shown: Shown | undefined, at: number) =>
    [
      ...(moments.length > 1 && at >= 0 ? [dayText(moments[at]?.time ?? null)] : []),
      ...(shown === undefined || sourcesOf(item).length < 2 ? [] : [shown.layer.name]),
      ...(shown === undefined || (sourcesOf(item).length > 1 && shown.layer.bands.length === 1)
        ? []
        : [titleOf(shown.display, shown.layer, presetsOf(shown.layer, item.indices))]),
    ].join(', ')
  const [top] = right
  return (
    <>
      {isSwiping && left !== null && <b className="ov ov-tl ov-side el">{titled(left, leftAt)}</b>}
      {(isSwiping || moments.length > 1) && (
        <b className={`ov ov-side el ${isSwiping ? 'ov-side-right' : 'ov-tl'}`}>
          {titled(top, rightAt)}
          {isSwiping && hasLabels && ' + labels'}
        </b>
      )}
      <North />
      <Sizes />
    </>
  )
}

function North() {
  const { item, state } = useViewer()
  const rotation = useSelected(state, (each) => each.rotation)
  const transform = item.place?.transform ?? null
  if (transform === null) return null
  const degrees = northOf(transform) + rotation
  return (
    <div
      className="ov ov-tr north"
      role="img"
      aria-label={Math.abs(degrees % 360) < 0.5 ? 'North is up' : `North is ${Math.round(degrees)}° from up`}
    >
      <span style={{ transform: `rotate(${degrees}deg)` }}>
        <IconCompass size={20} stroke={1.7} aria-hidden />
        <b>N</b>
      </span>
    </div>
  )
}

function Sizes() {
  const { item, view } = useViewer()
  const { resolution } = useStore(view)
  const [first] = item.layers
  const meters = item.place?.resolution ?? null
  const bar = meters?.[0] === undefined ? null : scaleBar(meters[0] * 1000 * resolution, LONGEST_BAR)
  const percent = (globalThis.devicePixelRatio / resolution) * 100
  return (
    <>
      <div className="ov ov-bl">
        {first !== undefined && (
          <div>
            {first.width} × {first.height}
            {meters !== null && `, ${resolutionText(meters)}`}
          </div>
        )}
        <div data-testid="zoom">{percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent)} %</div>
      </div>
      {bar !== null && (
        <div className="ov ov-br">
          <div className="scale-bar" style={{ width: bar.pixels }} />
          {bar.text}
        </div>
      )}
    </>
  )
}
