import { ActionIcon, Button } from '@mantine/core'
import { IconArrowBackUp, IconTrash, IconX } from '@tabler/icons-react'
import { useKeys } from '@/keys/registry'
import { count } from '@/parts/format'
import type { Selection } from './useSelection'
import { useTrash } from './useTrash'

/** Floats at the bottom while something is ticked: how many, and what can be done to them. */
export function SelectionBar({ selection, total }: { selection: Selection; total: number }) {
  const { trash, restore } = useTrash()
  const { rows } = selection
  const deletable = rows.filter((row) => row.state !== 'trashed' && row.may.includes('delete'))
  const trashed = rows.filter((row) => row.state === 'trashed' && row.may.includes('delete'))
  const act = (what: (ids: string[]) => void, on: typeof rows) => {
    what(on.map((row) => row.id))
    selection.clear()
  }
  useKeys(
    rows.length === 0
      ? []
      : [
          {
            id: 'list-delete',
            combo: 'Delete',
            label: 'Delete what is selected',
            group: 'Lists',
            run: () => act(trash, deletable),
          },
          {
            id: 'list-clear',
            combo: 'Escape',
            label: 'Select nothing',
            group: 'Lists',
            run: selection.clear,
          },
        ],
  )
  if (rows.length === 0) return null
  return (
    <div className="selbar" role="region" aria-label="Selected datasets">
      <span>
        <b>{count(rows.length)} selected</b> <span className="m3">of {count(total)}</span>
      </span>
      {!selection.all && (
        <Button variant="transparent" onClick={selection.toggleAll}>
          Select all
        </Button>
      )}
      <span className="selbar-line" />
      {trashed.length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowBackUp size={16} stroke={1.7} aria-hidden />}
          onClick={() => act(restore, trashed)}
        >
          Take out of the trash
        </Button>
      )}
      {deletable.length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
          onClick={() => act(trash, deletable)}
        >
          Delete{deletable.length < rows.length ? ` ${deletable.length}` : ''}
        </Button>
      )}
      <ActionIcon aria-label="Select nothing" onClick={selection.clear}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}
