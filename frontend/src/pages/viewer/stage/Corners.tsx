import { memo } from 'react'
import { chipsOf, isDrawn } from '@/parts/labels'
import { useFrames, useLabels, usePicture, useSliceIndex, useViewer } from '../hooks/useViewer'
import { useWindow } from '../hooks/useWindow'
import { scaleBar } from '../model/geometry'
import { isShown, lookOf } from '../model/marks'
import { useStore } from '../model/store'
import { isWhole, toldOf, valueText } from '../model/windowing'
import { valueTypeOf } from '../types'

const LONGEST_BAR = 160

/** What is told in the corners: what it is, where in the series, how it is shown, how large things are. */
export function Corners() {
  const { item, slices, spacing } = useViewer()
  const slice = useSliceIndex()
  const { width, height } = usePicture()
  const { study, series, study_title, series_title, image } = item
  const { frame, count } = useFrames()
  const isAlone = item.series_items === 1 && series === null
  return (
    <>
      <div className="ov ov-tl">
        {!isAlone && (
          <b className="el" title={[study, series].filter(Boolean).join('\n')}>
            <bdi>{study_title || study}</bdi>
            {series !== null && (
              <>
                , <bdi>{series_title || series}</bdi>
              </>
            )}
          </b>
        )}
        <Chips />
      </div>
      <div className="ov ov-tr">
        {slices !== null && (
          <div>
            Slice {slice + 1} of {slices.length}
          </div>
        )}
        {count > 1 && (
          <div>
            Frame {frame + 1} of {count}
          </div>
        )}
        <div>
          {width} × {height}
          {spacing !== null && `, ${spacing.map((each) => Number(each.toPrecision(3))).join(' × ')} mm`}
        </div>
        <div>{image.bit_depth} bit</div>
      </div>
      <Shown />
    </>
  )
}

/** Classes and values that stand on the whole picture. */
function Chips() {
  const viewer = useViewer()
  const state = useStore(viewer.state)
  const labels = useLabels().filter((label) => isShown(state, label.set, label.class_id))
  const whole = labels.filter((label) => !isDrawn(label))
  const chips = whole.flatMap((label) => {
    const color = lookOf(state, label.set, label.class_id, label.color).color
    return chipsOf([label]).map((chip) => ({
      ...chip,
      color: chip.color === null ? null : color,
      set: label.set,
    }))
  })
  const isNothing = whole.some((label) => label.kind === 'nothing')
  if (chips.length === 0 && !isNothing) return null
  return (
    <div className="stage-chips">
      {chips.map(({ text, color, set }, index) => (
        <span key={index} className="pill" title={set}>
          {color !== null && <span className="sq" style={{ background: color }} />}
          <bdi className="el">{text}</bdi>
        </span>
      ))}
      {isNothing && <span className="pill">Nothing here</span>}
    </div>
  )
}

const Shown = memo(function Shown() {
  const viewer = useViewer()
  const { isColor, spacing, item } = viewer
  const { range, presets } = useWindow()
  const { width, level } = toldOf(range, presets)
  const type = valueTypeOf(item)
  const { resolution } = useStore(viewer.view)
  const { brightness, contrast } = useStore(viewer.state)
  const perPixel = spacing === null ? null : spacing[1] * resolution
  const bar = perPixel === null ? null : scaleBar(perPixel, LONGEST_BAR)
  const text = (value: number) => valueText(isWhole(type) ? Math.round(value) : value, type)
  return (
    <>
      <div className="ov ov-bl">
        {isColor ? (
          <div>
            {(brightness !== 0 || contrast !== 0) &&
              `Brightness ${Math.round(brightness)}, contrast ${Math.round(contrast)}`}
          </div>
        ) : (
          <div>
            W {text(width)} &nbsp;L {text(level)} {item.image.unit}
          </div>
        )}
        <div data-testid="zoom">{zoomText(globalThis.devicePixelRatio / resolution)}</div>
      </div>
      {bar !== null && (
        <div className="ov ov-br">
          <div className="scale-bar" style={{ width: bar.pixels }} />
          {bar.text}
        </div>
      )}
    </>
  )
})

function zoomText(zoom: number): string {
  const percent = zoom * 100
  return `${percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent)} %`
}
