import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useId } from 'react'
import { type Row, rowProblem, spacingProblem } from './details'
import type { DraftHere } from './useDraft'

interface MetadataCardProps {
  draft: DraftHere
  mayEdit: boolean
  /** Chips say themselves how large their pixels are. */
  hasPixelSize: boolean
}

/** The size of a pixel, and whatever else people keep of a dataset: names with values. */
export function MetadataCard({ draft: { draft, set }, mayEdit, hasPixelSize }: MetadataCardProps) {
  const { rows } = draft
  const change = (id: number, part: Partial<Row>) =>
    set({ rows: rows.map((row) => (row.id === id ? { ...row, ...part } : row)) })
  const add = () =>
    set({ rows: [...rows, { id: 1 + Math.max(-1, ...rows.map((row) => row.id)), key: '', text: '' }] })
  return (
    <section className="card" aria-label="Metadata">
      <header>
        <h3 className="card-title">Metadata</h3>
      </header>
      <div className="pad col settings-fields">
        {hasPixelSize && <PixelSize draft={draft} set={set} mayEdit={mayEdit} />}
        {rows.length > 0 && (
          <div className="col metadata" role="group" aria-label="Names and values">
            <div className="metadata-row metadata-titles" aria-hidden>
              <span>Name</span>
              <span>Value</span>
            </div>
            {rows.map((row, index) => (
              <div key={row.id} className="metadata-row">
                <TextInput
                  aria-label={`Name ${index + 1}`}
                  readOnly={!mayEdit}
                  dir="auto"
                  value={row.key}
                  error={rowProblem(row, rows)}
                  onChange={(event) => change(row.id, { key: event.currentTarget.value })}
                />
                <TextInput
                  aria-label={row.key === '' ? `Value ${index + 1}` : `Value of ${row.key}`}
                  readOnly={!mayEdit}
                  dir="auto"
                  value={row.text}
                  onChange={(event) => change(row.id, { text: event.currentTarget.value })}
                />
                {mayEdit && (
                  <Tooltip label="Remove">
                    <ActionIcon
                      aria-label={row.key === '' ? `Remove row ${index + 1}` : `Remove ${row.key}`}
                      onClick={() => set({ rows: rows.filter((each) => each.id !== row.id) })}
                    >
                      <IconX size={14} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
              </div>
            ))}
          </div>
        )}
        {mayEdit && (
          <div>
            <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
              Add an entry
            </Button>
          </div>
        )}
        {!mayEdit && rows.length === 0 && <span className="m3">No other entries</span>}
      </div>
    </section>
  )
}

function PixelSize({ draft, set, mayEdit }: Pick<DraftHere, 'draft' | 'set'> & { mayEdit: boolean }) {
  const id = useId()
  const { spacing } = draft
  const problem = spacingProblem(spacing)
  const field = (side: 'row' | 'column', label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      readOnly={!mayEdit}
      aria-describedby={id}
      error={problem !== null}
      value={spacing[side]}
      onChange={(event) =>
        set({ spacing: { ...spacing, [side]: event.currentTarget.value.replace(',', '.') } })
      }
    />
  )
  return (
    <fieldset className="plain-fieldset">
      <legend className="settings-label">
        Pixel size, <span className="m3">mm</span>
      </legend>
      <div className="pixel-size">
        {field('row', 'Height of a row')}
        {field('column', 'Width of a column')}
      </div>
      <div id={id} className={problem === null ? 'hint' : 'hint bad'}>
        {problem ?? 'The viewer draws a scale bar with it and measures in millimetres.'}
      </div>
    </fieldset>
  )
}
