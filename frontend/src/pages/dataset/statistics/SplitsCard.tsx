import { Button, Skeleton } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
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
import { Note, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { useDataset } from '../useDataset'
import { percent, planText } from './sizes'
import { SplitDialog } from './SplitDialog'
import { useLeak } from './useLeak'

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
          <span className="m3">{planText(show.split_plan)}</span>
          {may('edit') && !isOld && (
            <Button size="xs" onClick={() => setAsking(true)}>
              Split again
            </Button>
          )}
        </span>
      </header>
      <div className="pad">
        <PartBar parts={show.split} whole={whole} label="Pictures" height={14} />
        <Table distribution={distribution} />
        <Verdict />
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
  const noun = distribution !== null && countsLabels(distribution.task) ? nounOf(distribution.task) : null
  return (
    <div className="distribution-scroll">
      <table className="plain-table statistics-parts">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className="num">
              Pictures
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
                Boxes
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

function Verdict() {
  const leak = useLeak()
  if (leak.error !== null) return <ProblemNote error={leak.error} />
  if (leak.data === undefined) return <Skeleton className="waits" height={34} mt={10} />
  return (
    <div className="statistics-verdict s12">
      {leak.data === null ? (
        <div className="note good">
          <IconShieldCheck size={16} stroke={1.7} className="i note-icon" aria-hidden />
          <span>
            <b>No leak found.</b> No study, no picture and no near duplicate of it is in two parts.
          </span>
        </div>
      ) : (
        <Note kind="bad">
          <b>{leak.data.message}</b> {leak.data.hint}
        </Note>
      )}
    </div>
  )
}
