import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconAdjustments,
  IconArrowBackUp,
  IconDotsVertical,
  IconDownload,
  IconFileText,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { DecisionDialog } from '@/parts/DecisionDialog'
import { useDataset } from '../useDataset'
import { DeleteDialog } from './DeleteDialog'
import { ExportDialog } from './ExportDialog'
import { useTrashing } from './useTrashing'

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const

/** What can be done with the dataset as a whole. */
export function DatasetActions() {
  const { name, ref, show, version, may } = useDataset()
  const [dialog, setDialog] = useState<'export' | 'delete' | 'decide' | null>(null)
  const close = () => setDialog(null)
  const { restore, busy } = useTrashing()
  const trashed = show.state === 'trashed'
  const isTunable = show.geospatial !== null && version > 0
  const mayTune = isTunable && show.state === 'ready' && show.may.includes('edit')
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
      {mayTune && (
        <Button
          component={Link}
          to={`/tunes/new?${new URLSearchParams({ dataset: ref }).toString()}`}
          variant="filled"
          className="wide-only"
        >
          Fine-tune
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
          {mayTune && (
            <Menu.Item
              className="narrow-only"
              component={Link}
              to={`/tunes/new?${new URLSearchParams({ dataset: ref }).toString()}`}
              leftSection={<IconAdjustments {...ICON} />}
            >
              Fine-tune…
            </Menu.Item>
          )}
          {isTunable && (
            <Menu.Item
              component={Link}
              to={`/tunes?${new URLSearchParams({ dataset: show.name }).toString()}`}
              leftSection={<IconAdjustments {...ICON} />}
            >
              Tunes
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
