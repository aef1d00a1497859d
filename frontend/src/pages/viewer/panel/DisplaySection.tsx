import { Slider, Switch } from '@mantine/core'
import { IconCircleHalf2, IconRefresh } from '@tabler/icons-react'
import { useViewer } from '../hooks/useViewer'
import { sourceOf, useWindow } from '../hooks/useWindow'
import { patch, useStore } from '../model/store'
import { firstPreset, fromWidthAndLevel, isWhole, toldOf, valueText } from '../model/windowing'
import { ColorHistogram, Histogram } from './Histogram'
import { valueTypeOf } from '../types'
import { IconButton } from './IconButton'
import { NumberField } from './NumberField'
import { Section } from './Section'

/** How values become light: the window of gray pictures, brightness and contrast of coloured ones. */
export function DisplaySection() {
  const viewer = useViewer()
  const { isColor, state: store } = viewer
  const { setWindow } = useWindow()
  const state = useStore(store)
  return (
    <Section
      title="Display"
      actions={
        <>
          <IconButton
            icon={IconRefresh}
            label="As the picture opens"
            isSmall
            onClick={() => {
              setWindow(null)
              patch(store, { invert: false, brightness: 0, contrast: 0 })
            }}
          />
          <IconButton
            icon={IconCircleHalf2}
            label="Invert"
            keys="I"
            isSmall
            isOn={state.invert}
            onClick={() => patch(store, { invert: !state.invert })}
          />
        </>
      }
    >
      {isColor ? <ColorDisplay /> : <GrayDisplay />}
      {viewer.item.image.inverted && (
        <p className="m3 s12 inverted-note">
          The file asks for low values in white. Invert turns that round.
        </p>
      )}
      <Switch
        className="smooth"
        label="Smooth pixels"
        checked={state.smooth}
        onChange={(event) => patch(store, { smooth: event.currentTarget.checked })}
      />
    </Section>
  )
}

function GrayDisplay() {
  const { item } = useViewer()
  const { range, presets, setWindow } = useWindow()
  const dtype = valueTypeOf(item)
  const statistics = item.statistics[0]
  const digits = isWhole(dtype) ? 0 : 4
  const { width, level } = toldOf(range, presets)
  return (
    <>
      {statistics !== undefined && (
        <Histogram
          statistics={statistics}
          range={range}
          dtype={dtype}
          setRange={setWindow}
          reset={() => setWindow(null)}
        />
      )}
      <div className="row">
        <NumberField
          label="W"
          name="Window width (contrast)"
          digits={digits}
          value={width}
          commit={(wanted) => setWindow(fromWidthAndLevel(Math.max(wanted, 10 ** -digits), level))}
        />
        <NumberField
          label="L"
          name="Window level (brightness)"
          digits={digits}
          value={level}
          commit={(wanted) => setWindow(fromWidthAndLevel(width, wanted))}
        />
      </div>
      <Presets />
    </>
  )
}

/** The presets as chips; the first nine have a key with Shift. */
export function Presets() {
  const { item, state: store } = useViewer()
  const { presets, setWindow } = useWindow()
  const { window } = useStore(store)
  const dtype = valueTypeOf(item)
  const { unit } = item.image
  const chosen = window ?? firstPreset(sourceOf(item))
  return (
    <div className="row wrap presets" role="group" aria-label="Presets">
      {presets.map((preset, index) => (
        <button
          key={preset.id}
          type="button"
          className={`plain chip ${preset.id === chosen ? 'acc' : 'line'}`}
          aria-pressed={preset.id === chosen}
          title={`${valueText(preset.low, dtype)} to ${valueText(preset.high, dtype)} ${unit}`.trim()}
          onClick={() => setWindow(preset.id)}
        >
          <bdi>{preset.label}</bdi> {index < 9 && <span className="m3">{index + 1}</span>}
        </button>
      ))}
    </div>
  )
}

function ColorDisplay() {
  const { item, state: store } = useViewer()
  const { brightness, contrast } = useStore(store)
  return (
    <>
      <ColorHistogram statistics={item.statistics} />
      <Percent label="Brightness" value={brightness} set={(value) => patch(store, { brightness: value })} />
      <Percent label="Contrast" value={contrast} set={(value) => patch(store, { contrast: value })} />
    </>
  )
}

function Percent({ label, value, set }: { label: string; value: number; set: (value: number) => void }) {
  return (
    <div className="row s12 percent">
      <span className="m3">{label}</span>
      <Slider
        className="grow"
        size={2}
        thumbSize={14}
        min={-100}
        max={100}
        value={value}
        label={null}
        thumbLabel={label}
        onChange={set}
      />
      <span className="num num-tab">{Math.round(value)}</span>
    </div>
  )
}
