import { useMemo } from 'react'
import { useViewer } from '../../hooks/useViewer'
import { NumberField } from '../../panel/NumberField'
import { useRanges } from '../hooks/useRanges'
import { isColor } from '../model/display'
import type { Shown } from '../model/shown'
import { CHOICES, opened, type Stretch, stretchIn, stretchName, stretchText } from '../model/stretch'

/** From what to what the bands go from dark to bright: percentiles, or numbers of one's own. */
export function StretchFields({ shown, set }: { shown: Shown; set: (stretch: Stretch) => void }) {
  const viewer = useViewer()
  const { stretch, formula } = shown.display
  const all = useMemo(() => [shown], [shown])
  const ranges = useRanges(viewer, all)[0] ?? null
  const choices: Stretch[] = CHOICES.map(([low, high]) => ({ of: 'item', low, high }))
  // What a formula gives is known of the chip alone.
  if (formula === null) choices.push(...CHOICES.map(([low, high]): Stretch => ({ of: 'dataset', low, high })))
  const value = stretch.of === 'own' ? 'own' : stretchText(stretch)
  const isKnown = stretch.of === 'own' || choices.some((each) => stretchText(each) === value)
  return (
    <>
      <label className="row s12 band-row stretch-row">
        <span className="m3">Stretch</span>
        <select
          className="in sm grow"
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = stretchIn(currentTarget.value)
            if (chosen !== null) set(chosen)
            else if (ranges !== null) set({ of: 'own', ranges })
          }}
        >
          {[...choices, ...(isKnown ? [] : [stretch])].map((each) => (
            <option key={stretchText(each)} value={stretchText(each)}>
              {stretchName(each)} {each.of === 'item' ? 'of this chip' : 'of the dataset'}
            </option>
          ))}
          <option value="own">Own numbers</option>
        </select>
      </label>
      {stretch.of === 'own' &&
        ranges?.map((range, index) => {
          const change = (part: { low?: number; high?: number }) =>
            set({
              of: 'own',
              ranges: ranges.map((each, other) => (other === index ? opened({ ...each, ...part }) : each)),
            })
          const band = isColor(shown.display) ? ['R', 'G', 'B'][index] : ''
          return (
            <div key={index} className="row own-range">
              <NumberField
                label={band ?? ''}
                name={`${band ?? ''} dark at`.trim()}
                value={range.low}
                digits={digitsFor(range)}
                commit={(low) => change({ low })}
              />
              <NumberField
                label="to"
                name={`${band ?? ''} bright at`.trim()}
                value={range.high}
                digits={digitsFor(range)}
                commit={(high) => change({ high })}
              />
            </div>
          )
        })}
    </>
  )
}

function digitsFor({ low, high }: { low: number; high: number }): number {
  const width = Math.abs(high - low)
  return width >= 100 ? 0 : Math.min(8, Math.max(1, 3 - Math.floor(Math.log10(Math.max(width, 1e-6)))))
}
