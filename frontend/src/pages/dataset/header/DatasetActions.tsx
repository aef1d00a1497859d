import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconDotsVertical, IconDownload, IconFileText, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { DecisionDialog } from '@/parts/DecisionDialog'
import { useDataset } from '../useDataset'
import { DeleteDialog } from './DeleteDialog'
import { ExportDialog } from './ExportDialog'
import { useTrashing } from './useTrashing'

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const

/** What can be done with the dataset as a whole. */
export function DatasetActions() {
  const { name, show, version, may } = useDataset()
  const [dialog, setDialog] = useState<'export' | 'delete' | 'decide' | null>(null)
  const close = () => setDialog(null)
  const { restore, busy } = useTrashing()
  const trashed = show.state === 'trashed'
  return (
    <>
      {show.state === 'needs_decision' && may('edit') && (
        <Button variant="filled" onClick={() => setDialog('decide')}>
          Keep or discard
        </Button>
      )}
      {version > 0 && may('export') && (
        <Button
          className="wide-only"
          leftSection={<IconDownload {...ICON} />}
          onClick={() => setDialog('export')}
        >
          Export
        </Button>
      )}
      {trashed && may('delete') && (
        <Button
          variant="filled"
          leftSection={<IconArrowBackUp {...ICON} />}
          loading={busy}
          onClick={() => void restore()}
        >
          Restore
        </Button>
      )}
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <Tooltip label="More">
            <ActionIcon aria-label="More actions">
              <IconDotsVertical {...ICON} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {version > 0 && may('export') && (
            <Menu.Item
              className="narrow-only"
              leftSection={<IconDownload {...ICON} />}
              onClick={() => setDialog('export')}
            >
              Export…
            </Menu.Item>
          )}
          <Menu.Item
            component="a"
            href={`/api/v1/datasets/${show.id}/log`}
            download={`${show.name}.log`}
            leftSection={<IconFileText {...ICON} />}
          >
            Download log
          </Menu.Item>
          {!trashed && may('delete') && (
            <Menu.Item color="red" leftSection={<IconTrash {...ICON} />} onClick={() => setDialog('delete')}>
              Delete…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ExportDialog opened={dialog === 'export'} close={close} />
      <DeleteDialog opened={dialog === 'delete'} close={close} />
      <DecisionDialog dataset={name} opened={dialog === 'decide'} close={close} />
    </>
  )
}
