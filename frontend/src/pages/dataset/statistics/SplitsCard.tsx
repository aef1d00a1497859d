import { Button } from '@mantine/core'
import { useState } from 'react'
import {
  byFrequency,
  countsLabels,
  type Distribution,
  nounOf,
  PART_WORDS,
  PARTS,
} from '@/parts/charts/distribution'
import { PartBar, PartSquare } from '@/parts/charts/PartBar'
import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import { itemsTitle } from '@/parts/words'
import { countedIn } from '../counted'
import { useDataset } from '../useDataset'
import { percent, planText } from './sizes'
import { SplitDialog } from './SplitDialog'
import { SplitVerdict } from './SplitVerdict'

const CLASSES_SHOWN = 5

/** How pictures and classes are dealt to the parts, and whether anything leaks from one into another. */
export function SplitsCard({ distribution }: { distribution: Distribution | null }) {
  const { show, may, isOld } = useDataset()
  const [asking, setAsking] = useState(false)
  const whole = show.counts.items
  return (
    <section className="card" aria-label="Splits">
      <header className="wrap">
        <h3 className="card-title">Splits</h3>
        <span className="row right statistics-tools">
          <span className="m3">{planText(show.split_plan, show.modality)}</span>
          {may('edit') && !isOld && (
            <Button size="xs" onClick={() => setAsking(true)}>
              Split again
            </Button>
          )}
        </span>
      </header>
      <div className="pad">
        <PartBar parts={show.split} whole={whole} label={itemsTitle(show.modality)} height={14} />
        <Table distribution={distribution} />
        <SplitVerdict />
      </div>
      {asking && <SplitDialog close={() => setAsking(false)} />}
    </section>
  )
}

function Table({ distribution }: { distribution: Distribution | null }) {
  const { show } = useDataset()
  const classes = byFrequency(distribution?.classes ?? [])
  // One class more is no longer than the word that there are others.
  const shown = classes.length > CLASSES_SHOWN + 1 ? classes.slice(0, CLASSES_SHOWN) : classes
  const others = classes.slice(shown.length)
  const noun =
    distribution !== null && countsLabels(distribution.task)
      ? nounOf(distribution.task, countedIn(show, distribution.set))
      : null
  return (
    <div className="distribution-scroll">
      <table className="plain-table statistics-parts">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className="num">
              {itemsTitle(show.modality)}
            </th>
            {shown.map((each) => (
              <th key={each.id} scope="col" className="num statistics-class">
                <Name text={each.name} />
              </th>
            ))}
            {others.length > 0 && (
              <th scope="col" className="num">
                {count(others.length)} others
              </th>
            )}
            {noun !== null && (
              <th scope="col" className="num">
                {capital(noun.many)}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {PARTS.map((part) => (
            <tr key={part}>
              <th scope="row">
                <span className="row part-key">
                  <PartSquare part={part} />
                  {PART_WORDS[part]}
                </span>
              </th>
              <td className="num nowrap">
                {count(show.split[part])}{' '}
                <span className="m3">{percent(show.split[part], show.counts.items)}</span>
              </td>
              {shown.map((each) => (
                <td key={each.id} className="num nowrap">
                  {count(each[part])}
                </td>
              ))}
              {others.length > 0 && (
                <td className="num nowrap">{count(others.reduce((sum, each) => sum + each[part], 0))}</td>
              )}
              {noun !== null && (
                <td className="num nowrap b">{count(classes.reduce((sum, each) => sum + each[part], 0))}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
