import { ActionIcon, Menu } from '@mantine/core'
import { IconDotsVertical } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useNavigate } from 'react-router'
import type { DatasetRow } from './filters'
import { useTrash } from './useTrash'

const DecisionDialog = lazy(async () => ({
  default: (await import('@/parts/DecisionDialog')).DecisionDialog,
}))

/** What may be done to one dataset from the list. */
export function DatasetMenu({ row }: { row: DatasetRow }) {
  const navigate = useNavigate()
  const { trash, restore } = useTrash()
  const [deciding, setDeciding] = useState(false)
  const address = `/datasets/${encodeURIComponent(row.name)}`
  const mayDelete = row.may.includes('delete')
  const isTrashed = row.state === 'trashed'
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${row.display_name}`} tabIndex={-1} size={28}>
            <IconDotsVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void navigate(address)}>Open</Menu.Item>
          {row.state === 'needs_decision' && row.may.includes('edit') && (
            <Menu.Item onClick={() => setDeciding(true)}>Decide about rejected files</Menu.Item>
          )}
          {row.may.includes('edit') && !isTrashed && (
            <Menu.Item onClick={() => void navigate(`${address}/settings`)}>Settings</Menu.Item>
          )}
          {row.job !== null && (
            <Menu.Item onClick={() => void navigate(`/jobs/${row.job?.id ?? ''}`)}>Job and log</Menu.Item>
          )}
          {mayDelete && <Menu.Divider />}
          {mayDelete && !isTrashed && (
            <Menu.Item color="red" onClick={() => trash([row.id])}>
              Delete
            </Menu.Item>
          )}
          {mayDelete && isTrashed && (
            <Menu.Item onClick={() => restore([row.id])}>Take out of the trash</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {deciding && (
        <Suspense fallback={null}>
          <DecisionDialog dataset={row.name} opened close={() => setDeciding(false)} />
        </Suspense>
      )}
    </>
  )
}
