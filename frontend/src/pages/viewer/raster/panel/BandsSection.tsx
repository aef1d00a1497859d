import { IconMathFunction, IconRefresh } from '@tabler/icons-react'
import { useViewer } from '../../hooks/useViewer'
import { IconButton } from '../../panel/IconButton'
import { Section } from '../../panel/Section'
import { useRaster } from '../hooks/useRaster'
import { type Display, firstFormula, isColor, presetOf, presetsOf, type Preset } from '../model/display'
import { sourcesOf, type Shown } from '../model/shown'
import type { PaletteName } from '../model/palettes'
import { BandChoice } from './BandChoice'
import { FormulaField } from './FormulaField'
import { PaletteChoice } from './PaletteChoice'
import { StretchFields } from './StretchFields'

/** Which bands are seen as what: presets, three bands or one, a formula, and from what to what they go. */
export function BandsSection() {
  const { edited, setDisplay, isSwiping } = useRaster()
  if (edited === null) return null
  return (
    <Section
      title="Bands"
      actions={
        <IconButton icon={IconRefresh} label="As the chip opens" isSmall onClick={() => setDisplay(null)} />
      }
    >
      {isSwiping && <SideChoice />}
      <SourceChoice />
      <Presets shown={edited} />
      <Channels shown={edited} />
      <StretchFields shown={edited} set={(stretch) => setDisplay({ ...edited.display, stretch })} />
    </Section>
  )
}

/** Which side of the swipe the panel is about. */
function SideChoice() {
  const { side, setSide } = useRaster()
  return (
    <div className="seg sm bands-seg" role="group" aria-label="Side of the swipe">
      {(['left', 'right'] as const).map((each) => (
        <button
          key={each}
          type="button"
          className={`plain grow ${side === each ? 'on' : ''}`}
          aria-pressed={side === each}
          onClick={() => setSide(each)}
        >
          {each === 'left' ? 'Left side' : 'Right side'}
        </button>
      ))}
    </div>
  )
}

/** Of several data sources, the one that the panel is about; at the left of a swipe, the one that is shown there. */
function SourceChoice() {
  const { item } = useViewer()
  const { edited, edit, side, state, change, leftItem } = useRaster()
  const sources = sourcesOf(side === 'left' ? (leftItem ?? item) : item)
  if (sources.length < 2 || edited === null) return null
  return (
    <label className="row s12 band-row">
      <span className="m3 band-label">Of</span>
      <select
        className="in sm grow"
        value={edited.layer.name}
        onChange={({ currentTarget: { value } }) => {
          if (side === 'left') change({ left: { ...state.left, layer: value, display: null } })
          else edit(value)
        }}
      >
        {sources.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}

function Presets({ shown: { layer, display } }: { shown: Shown }) {
  const { item } = useViewer()
  const { setDisplay } = useRaster()
  const presets = presetsOf(layer, item.indices)
  const chosen = presetOf(display, presets)
  const isFormula = display.formula !== null && chosen === null
  const isOther = display.formula === null && chosen === null
  const choose = (preset: Pick<Preset, 'bands' | 'formula'>) => setDisplay(changed(display, preset))
  return (
    <div className="row wrap band-presets" role="group" aria-label="Ways to show the bands">
      {presets.map((preset, index) => (
        <Chip
          key={preset.id}
          label={preset.label}
          title={preset.formula ?? `Shift+${index + 1}`}
          isOn={preset === chosen}
          press={() => choose(preset)}
        />
      ))}
      {layer.bands.length > 1 && (
        <Chip
          label="One band"
          title="One band through a colour map"
          isOn={isOther && display.bands.length === 1}
          press={() =>
            choose({
              bands: display.bands
                .slice(0, 1)
                .concat(layer.rgb[0] ?? 0)
                .slice(0, 1),
              formula: null,
            })
          }
        />
      )}
      <button
        type="button"
        className={`plain chip ${isFormula ? 'acc' : 'line'}`}
        aria-pressed={isFormula}
        aria-label="Formula of bands"
        title="Formula of bands"
        onClick={() => choose({ bands: [], formula: display.formula ?? firstFormula(layer) })}
      >
        <IconMathFunction size={14} stroke={1.7} aria-hidden />
      </button>
    </div>
  )
}

/** The display with other bands: numbers of one's own mean nothing for them, and colours show one value best. */
function changed(display: Display, { bands, formula }: Pick<Preset, 'bands' | 'formula'>): Display {
  const { stretch } = display
  const isIndex = formula !== null
  const palette: PaletteName = isIndex && display.palette === 'grey' ? 'viridis' : display.palette
  const usual = { of: 'item', low: 2, high: 98 } as const
  return {
    ...{ bands, formula, palette },
    stretch: stretch.of === 'own' || (isIndex && stretch.of === 'dataset') ? usual : stretch,
  }
}

interface ChipProps {
  label: string
  title: string
  isOn: boolean
  press: () => void
}

function Chip({ label, title, isOn, press }: ChipProps) {
  return (
    <button
      type="button"
      className={`plain chip ${isOn ? 'acc' : 'line'}`}
      aria-pressed={isOn}
      title={title}
      onClick={press}
    >
      <bdi>{label}</bdi>
    </button>
  )
}

function Channels({ shown: { layer, display } }: { shown: Shown }) {
  const { setDisplay } = useRaster()
  if (isColor(display)) {
    return (['R', 'G', 'B'] as const).map((color, index) => (
      <BandChoice
        key={color}
        label={color}
        name={{ R: 'Red', G: 'Green', B: 'Blue' }[color]}
        layer={layer}
        value={display.bands[index] ?? 0}
        choose={(band) => setDisplay({ ...display, bands: display.bands.with(index, band) })}
      />
    ))
  }
  return (
    <>
      {display.formula === null ? (
        <BandChoice
          label="Band"
          name="Band"
          layer={layer}
          value={display.bands[0] ?? 0}
          choose={(band) => setDisplay({ ...display, bands: [band] })}
        />
      ) : (
        <FormulaField
          key={display.formula}
          layer={layer}
          formula={display.formula}
          set={(formula) => setDisplay({ ...display, formula })}
        />
      )}
      <PaletteChoice value={display.palette} choose={(palette) => setDisplay({ ...display, palette })} />
    </>
  )
}
