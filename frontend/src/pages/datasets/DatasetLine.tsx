import { Checkbox, Tooltip } from '@mantine/core'
import { memo, type MouseEvent } from 'react'
import { Link, useNavigate } from 'react-router'
import { bytes, count, moment, when } from '@/parts/format'
import { Name } from '@/parts/Name'
import { formatWord, modalityWord } from '@/parts/words'
import { DatasetMenu } from './DatasetMenu'
import { DatasetState } from './DatasetState'
import type { DatasetRow } from './filters'
import { ModalityIcon } from './ModalityIcon'
import { Samples } from './Samples'
import type { Selection } from './useSelection'

export function TableHead({ selection }: { selection: Selection }) {
  return (
    <div className="datasets-head datasets-grid" role="row">
      <span role="columnheader">
        <Checkbox
          aria-label="Select all that are loaded"
          checked={selection.all}
          indeterminate={selection.ids.size > 0 && !selection.all}
          onChange={selection.toggleAll}
        />
      </span>
      {['Samples', 'Name', 'Modality', 'State'].map((title) => (
        <span key={title} role="columnheader">
          {title}
        </span>
      ))}
      {['Studies', 'Items', 'Annotations', 'Size'].map((title) => (
        <span key={title} role="columnheader" className="num">
          {title}
        </span>
      ))}
      <span role="columnheader">Created</span>
      <span role="columnheader" aria-label="Actions" />
    </div>
  )
}

export interface EntryProps {
  row: DatasetRow
  selected: boolean
  toggle: Selection['toggle']
  tabbable: boolean
}

/** A dataset as a line of the table; a press anywhere but on a control opens it. */
export const DatasetLine = memo(function DatasetLine({
  row,
  selected,
  toggle,
  tabbable,
  index,
}: EntryProps & { index: number }) {
  const navigate = useNavigate()
  const address = `/datasets/${encodeURIComponent(row.name)}`
  const press = (event: MouseEvent) => {
    if (
      event.target instanceof Element &&
      event.target.closest('a, button, input, label, [role="menu"]') === null
    ) {
      void navigate(address)
    }
  }
  const isPublished = row.version > 0
  return (
    // The name inside is a link, and arrows and Enter work on the row: the press is for the mouse.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`dataset-${row.id}`}
      className={`datasets-grid datasets-line ${selected ? 'sel' : ''}`}
      role="row"
      aria-selected={selected}
      aria-rowindex={index + 2}
      tabIndex={tabbable ? 0 : -1}
      onClick={press}
    >
      <span role="gridcell">
        <Checkbox
          aria-label={`Select ${row.display_name}`}
          checked={selected}
          onClick={(event) => toggle(row.id, event.shiftKey)}
          readOnly
          tabIndex={-1}
        />
      </span>
      <span role="gridcell">
        <Samples row={row} />
      </span>
      <span role="gridcell" className="datasets-name">
        <span className="row datasets-title">
          <Link to={address} className="nm el" tabIndex={-1}>
            <Name text={row.display_name} />
          </Link>
          {row.is_new && <span className="chip new">New</span>}
        </span>
        <span className="m3 s12 el">
          {row.description === '' ? 'No description' : <bdi>{firstLine(row.description)}</bdi>}
        </span>
      </span>
      <span role="gridcell" className="datasets-modality">
        <span className="row m2">
          <ModalityIcon modality={row.modality} /> {modalityWord(row.modality)}
        </span>
        <span className="m3 s11 el datasets-format">{row.format === '' ? '' : formatWord(row.format)}</span>
      </span>
      <span role="gridcell">
        <DatasetState row={row} />
      </span>
      <Number value={isPublished && row.modality !== 'geospatial' ? row.counts.studies : null} />
      <Number value={isPublished ? row.counts.items : null} />
      <Number value={row.counts.annotation_sets} dim={row.counts.annotation_sets === 0} />
      <span role="gridcell" className="num">
        {bytes(row.counts.bytes)}
      </span>
      <Tooltip label={moment(row.created_at)}>
        <span role="gridcell" className="nowrap">
          {when(row.created_at)}
        </span>
      </Tooltip>
      <span role="gridcell">
        <DatasetMenu row={row} />
      </span>
    </div>
  )
})

function Number({ value, dim = false }: { value: number | null; dim?: boolean }) {
  return (
    <span role="gridcell" className={`num ${dim || value === null ? 'm3' : ''}`}>
      {value === null ? '–' : count(value)}
    </span>
  )
}

/** The first line of a description, without the marks of Markdown. */
export function firstLine(text: string): string {
  return (text.trim().split('\n', 1)[0] ?? '').replace(/^#+ |[*_`]/g, '')
}
