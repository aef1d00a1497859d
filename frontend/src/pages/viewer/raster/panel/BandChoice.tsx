import { bandName, bandsOf, type RasterBand, type RasterLayer } from '../types'

interface BandChoiceProps {
  label: string
  name: string
  layer: Pick<RasterLayer, 'bands'>
  value: number
  choose: (band: number) => void
}

/** A band by its name, with what it is and its wavelength. */
export function BandChoice({ label, name, layer, value, choose }: BandChoiceProps) {
  return (
    <label className="row s12 band-row">
      <b className="band-label" aria-hidden>
        {label}
      </b>
      <select
        className="in sm grow"
        aria-label={name}
        value={value}
        onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
      >
        {bandsOf(layer).map((band) => (
          <option key={band.index} value={band.index}>
            {bandText(band)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** "B08, near infrared, 833 nm". */
export function bandText(band: RasterBand): string {
  const { description, wavelength } = band
  const name = bandName(band)
  const about = [description, wavelength === null ? '' : `${Math.round(wavelength)} nm`]
  // Of a stack the description is that of one date: "1985_b1".
  const isOfDate = band.date !== null && description.includes(name)
  const told = about.filter((each) => each !== '' && each !== name && !(isOfDate && each === description))
  return [name, ...told].join(', ')
}
