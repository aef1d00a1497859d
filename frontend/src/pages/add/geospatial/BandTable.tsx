import { Button, Checkbox } from '@mantine/core'
import { useId, useState } from 'react'
import { count, plural } from '@/parts/format'
import type { Collection } from '@/parts/recipe/collections'
import { moved, withAllUsed, withBand, withColor, withName } from '@/parts/recipe/edits'
import type { Sample } from '@/parts/recipe/facts'
import type { FormBand, FormSource } from '@/parts/recipe/form'
import { sampledText } from '@/parts/recipe/preview'
import { bandProblem, offsetProblem, scaleProblem } from '@/parts/recipe/problems'
import { BandRow } from './BandRow'

const ROWS_SHOWN = 50
/** A name with more characters wants a wider field. */
const LONG = 14

interface BandTableProps {
  source: FormSource
  /** What its files are of; undefined for none that is known. */
  collection: Collection | undefined
  /** One of its files, as far as it was looked into. */
  sample: Sample | null
  set: (bands: FormBand[]) => void
}

/** The bands in the order in which they are used: names, colours, scale and offset. */
export function BandTable({ source, collection, sample, set }: BandTableProps) {
  const { bands, tag } = source
  const names = useId()
  const [shown, setShown] = useState(ROWS_SHOWN)
  const used = bands.filter((band) => band.used).length
  const problem = firstProblem(bands)
  const isLong = bands.some(({ name }) => name.length > LONG)
  return (
    <>
      <datalist id={names}>
        {collection?.bands.map(({ name, description }) => (
          <option key={name} value={name.replace(/\s+/g, '_')} label={description} />
        ))}
      </datalist>
      <div className="geo-scroll">
        <table className={isLong ? 'geo-bands long' : 'geo-bands'} aria-label={`Bands of ${tag}`}>
          <thead>
            <tr>
              <th scope="col">
                <Checkbox
                  aria-label="Use all bands"
                  checked={used === bands.length}
                  indeterminate={used > 0 && used < bands.length}
                  onChange={() => set(withAllUsed(bands, used < bands.length))}
                />
              </th>
              <th scope="col" className="num">
                #
              </th>
              <th scope="col">Name</th>
              <th scope="col">Meaning</th>
              <th scope="col" className="num">
                nm
              </th>
              <th scope="col">Colour</th>
              <th scope="col">Scale</th>
              <th scope="col">Offset</th>
              <th scope="col" className="num">
                Values, sampled
              </th>
              <th scope="col" aria-label="Order" />
            </tr>
          </thead>
          <tbody>
            {bands.slice(0, shown).map((band, place) => (
              <BandRow
                key={band.index}
                band={band}
                isFirst={place === 0}
                isLast={place === bands.length - 1}
                sampled={sampledText(source, band, sample)}
                isNameWrong={bandProblem(band, bands) !== null}
                names={names}
                call={(name) => set(withName(bands, band.index, name, collection))}
                change={(change) => set(withBand(bands, band.index, change))}
                color={(color) => set(withColor(bands, band.index, color))}
                move={(by) => set(moved(bands, band.index, by))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {bands.length > shown && (
        <Button variant="transparent" size="compact-sm" onClick={() => setShown(shown + 4 * ROWS_SHOWN)}>
          {plural(Math.min(4 * ROWS_SHOWN, bands.length - shown), 'more band')} of {count(bands.length)}
        </Button>
      )}
      {problem !== null && (
        <p className="hint bad geo-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}

function firstProblem(bands: readonly FormBand[]): string | null {
  if (!bands.some((band) => band.used)) return 'A data source needs a band that is used.'
  for (const band of bands.filter((each) => each.used)) {
    const found = bandProblem(band, bands) ?? scaleProblem(band.scale) ?? offsetProblem(band.offset)
    if (found !== null) return `Band ${band.index + 1}: ${found}`
  }
  return null
}
