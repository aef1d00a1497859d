import { Popover, Slider } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { visibleEnd } from '@/parts/format'
import { paletteHere } from './palette'

interface LookRowProps {
  name: string
  /** What stands for it where it has no colour. */
  icon?: ReactNode
  color?: string
  /** 0 to 100 */
  opacity: number
  isShown: boolean
  isOpen: boolean
  aside?: ReactNode
  toggle: (isAlone: boolean) => void
  open: () => void
  setOpacity: (opacity: number) => void
  /** Null gives it back its own colour. */
  setColor?: (color: string | null) => void
}

/** A layer or a class: eye, colour, name, opacity; the open one has its slider below. */
export function LookRow(props: LookRowProps) {
  const { name, icon, color, opacity, isShown, isOpen, aside, toggle, open, setOpacity, setColor } = props
  const Eye = isShown ? IconEye : IconEyeOff
  const label = visibleEnd(name)
  return (
    <>
      <div className={`layer ${isOpen ? 'on' : ''} ${isShown ? '' : 'hid'}`}>
        <button
          type="button"
          className="plain layer-eye"
          aria-pressed={isShown}
          aria-label={`Show ${label}`}
          title="Alt and click shows it alone"
          onClick={(event) => toggle(event.altKey)}
        >
          <Eye size={14} stroke={1.7} aria-hidden />
        </button>
        {setColor === undefined ? (
          <span className="m3 layer-icon">{icon}</span>
        ) : (
          <ColorButton label={`Colour of ${label}`} color={color} icon={icon} setColor={setColor} />
        )}
        <button
          type="button"
          className="plain el layer-name"
          aria-expanded={isOpen}
          title={name}
          onClick={open}
        >
          <bdi>{label}</bdi>
        </button>
        <span className="op">{aside ?? `${Math.round(opacity)} %`}</span>
      </div>
      {isOpen && (
        <div className="row s12 layer-slider">
          <Slider
            className="grow"
            size={2}
            thumbSize={14}
            min={0}
            max={100}
            value={opacity}
            label={(value) => `${value} %`}
            thumbLabel={`Opacity of ${label}`}
            onChange={setOpacity}
          />
        </div>
      )}
    </>
  )
}

interface ColorButtonProps {
  label: string
  color: string | undefined
  icon: ReactNode
  setColor: (color: string | null) => void
}

function ColorButton({ label, color, icon, setColor }: ColorButtonProps) {
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <button type="button" className="plain layer-icon" aria-label={label} title={label}>
          {color === undefined ? icon : <span className="sq lg" style={{ background: color }} />}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="swatches" role="group" aria-label={label}>
          {paletteHere().map((each, index) => (
            <button
              key={each}
              type="button"
              className="plain swatch"
              style={{ background: each }}
              aria-label={`Colour ${index + 1}`}
              aria-pressed={each === color?.toLowerCase()}
              onClick={() => setColor(each)}
            />
          ))}
        </div>
        <button type="button" className="plain acc s12" onClick={() => setColor(null)}>
          As the dataset has it
        </button>
      </Popover.Dropdown>
    </Popover>
  )
}
