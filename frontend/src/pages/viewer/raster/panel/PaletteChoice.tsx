import { gradientOf, isPalette, PALETTE_TITLES, type PaletteName } from '../model/palettes'

/** The colour map of one value, shown beside its name. */
export function PaletteChoice({
  value,
  choose,
}: {
  value: PaletteName
  choose: (name: PaletteName) => void
}) {
  return (
    <label className="row s12 band-row">
      <span className="palette-strip" style={{ background: gradientOf(value) }} aria-hidden />
      <select
        className="in sm grow"
        aria-label="Colour map"
        value={value}
        onChange={({ currentTarget }) => {
          if (isPalette(currentTarget.value)) choose(currentTarget.value)
        }}
      >
        {Object.entries(PALETTE_TITLES).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}
