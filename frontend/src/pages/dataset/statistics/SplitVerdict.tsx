import { Skeleton } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { Note, ProblemNote } from '@/parts/Messages'
import { itemsText } from '@/parts/words'
import { useDataset } from '../useDataset'
import { sharedText, timeOffer } from './leaking'
import { useLeak } from './useLeak'
import { useSplitReport } from './useSplitReport'

/** Whether anything leaks from one part into another; of chips also what is shared on purpose, and what touches. */
export function SplitVerdict() {
  const { show } = useDataset()
  const isGeospatial = show.modality === 'geospatial'
  const leak = useLeak()
  const report = useSplitReport(isGeospatial)
  const error = leak.error ?? report.error
  if (error !== null) return <ProblemNote error={error} />
  if (leak.data === undefined || (isGeospatial && report.data === undefined))
    return <Skeleton className="waits" height={34} mt={10} />
  const told = report.data
  return (
    <div className="statistics-verdict s12">
      {leak.data === null ? (
        <div className="note good">
          <IconShieldCheck size={16} stroke={1.7} className="i note-icon" aria-hidden />
          <span>
            <b>No leak found.</b>{' '}
            {told === undefined
              ? 'No study, no picture and no near duplicate of it is in two parts.'
              : sharedText(told)}
          </span>
        </div>
      ) : (
        <Note kind="bad">
          <b>{leak.data.message}</b> {told === undefined ? leak.data.hint : timeOffer(told, leak.data.hint)}
        </Note>
      )}
      {told !== undefined && <Beside neighbours={told.neighbours} unassigned={told.unassigned} />}
    </div>
  )
}

/** What is no leak and should be known. */
function Beside({ neighbours, unassigned }: { neighbours: number | null; unassigned: number }) {
  const lines = [
    neighbours !== null && neighbours > 0
      ? `${itemsText(neighbours, 'geospatial')} of validation and test ${neighbours === 1 ? 'touches' : 'touch'} one of train without overlapping: alike, and no leak. A split by square with a buffer keeps them apart.`
      : '',
    unassigned > 0
      ? `${itemsText(unassigned, 'geospatial')} ${unassigned === 1 ? 'is' : 'are'} in no part.`
      : '',
  ].filter(Boolean)
  return lines.map((line) => (
    <p key={line} className="m3 statistics-beside">
      {line}
    </p>
  ))
}
