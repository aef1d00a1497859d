import { Checkbox } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'react-router'
import { bytes, plural, when } from '@/parts/format'
import { Name } from '@/parts/Name'
import { modalityWord, taskWord } from '@/parts/words'
import type { EntryProps } from './DatasetLine'
import { DatasetMenu } from './DatasetMenu'
import { DatasetState } from './DatasetState'
import { ModalityIcon } from './ModalityIcon'
import { Samples } from './Samples'

/** A dataset as a card; every state has the same height. */
export const DatasetCard = memo(function DatasetCard({ row, selected, toggle, tabbable }: EntryProps) {
  const { items, studies } = row.counts
  const facts = [modalityWord(row.modality)]
  if (studies > 0 && studies !== items) facts.push(plural(studies, 'study', 'studies'))
  if (row.version > 0) facts.push(plural(items, 'item'))
  return (
    <div
      id={`dataset-${row.id}`}
      className={`card datasets-card ${selected ? 'sel' : ''}`}
      role="gridcell"
      aria-selected={selected}
      tabIndex={tabbable ? 0 : -1}
    >
      <Samples row={row} wide />
      <span className="datasets-tick">
        <Checkbox
          aria-label={`Select ${row.display_name}`}
          checked={selected}
          onClick={(event) => toggle(row.id, event.shiftKey)}
          readOnly
          tabIndex={-1}
        />
      </span>
      <div className="datasets-card-body">
        <div className="row">
          <Link
            to={`/datasets/${encodeURIComponent(row.name)}`}
            className="nm el datasets-cover"
            tabIndex={-1}
          >
            <Name text={row.display_name} />
          </Link>
          {row.is_new && <span className="chip new">New</span>}
          <span className="grow" />
          <DatasetMenu row={row} />
        </div>
        <div className="row m2 s12">
          <ModalityIcon modality={row.modality} /> <span className="el">{facts.join(' · ')}</span>
        </div>
        <div className="datasets-card-state">
          {row.state === 'ready' ? <Tasks row={row} /> : <DatasetState row={row} />}
        </div>
        <div className="row m3 s12 datasets-card-foot">
          <span className="grow">{when(row.created_at)}</span>
          {bytes(row.counts.bytes)}
        </div>
      </div>
    </div>
  )
})

function Tasks({ row }: { row: EntryProps['row'] }) {
  if (row.tasks.length === 0) return <span className="m3 s12">No annotations</span>
  return (
    <span className="row wrap datasets-tasks">
      {row.tasks.map((task) => (
        <span key={task} className="chip">
          {taskWord(task)}
        </span>
      ))}
    </span>
  )
}
