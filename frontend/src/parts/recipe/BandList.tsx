import { useState } from 'react'
import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { DataSource } from './recipe'
import './recipe.css'

const ROWS_SHOWN = 30

/** The bands of a data source, in the order in which they are used. */
export function BandList({ source }: { source: DataSource }) {
  const [whole, setWhole] = useState(false)
  const { bands } = source
  const shown = whole ? bands : bands.slice(0, ROWS_SHOWN)
  return (
    <div className="recipe-scroll">
      <table className="recipe-table" aria-label={`Bands of ${source.modality_tag}`}>
        <thead>
          <tr>
            <th scope="col" className="num">
              #
            </th>
            <th scope="col">Name</th>
            <th scope="col">Meaning</th>
            <th scope="col" className="num">
              nm
            </th>
            <th scope="col">Colour</th>
            <th scope="col" className="num">
              Scale
            </th>
            <th scope="col" className="num">
              Offset
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((band) => (
            <tr key={band.index}>
              <td className="num m3">{band.index + 1}</td>
              <td>
                <Name text={band.band_name} className="mono" />
              </td>
              <td className="m2 recipe-meaning">
                {band.description !== '' && <Name text={band.description} />}
              </td>
              <td className="num m2">{band.wavelength === null ? '' : count(Math.round(band.wavelength))}</td>
              <td>
                {band.RGB_band !== null && (
                  <span className={`recipe-color ${band.RGB_band}`}>{band.RGB_band}</span>
                )}
              </td>
              <td className="num m2">{band.scaling_factor}</td>
              <td className="num m2">{band.offset}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < bands.length && (
        <button type="button" className="plain acc s12 recipe-more" onClick={() => setWhole(true)}>
          All {count(bands.length)} bands
        </button>
      )}
    </div>
  )
}
