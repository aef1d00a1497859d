import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconArrowsSplit2, IconCopy, IconTrash, IconX } from '@tabler/icons-react'
import { count } from '@/parts/format'
import { useDataset } from '../useDataset'
import type { Choosing } from './useChoosing'
import type { Changes } from './useChanges'

interface SelectionBarProps {
  choosing: Choosing
  total: number
  changes: Changes
}

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const
const PARTS = [
  ['train', 'Train'],
  ['validation', 'Validation'],
  ['test', 'Test'],
] as const

/** What is selected and what can be done with it; floats above the grid. */
export function SelectionBar({ choosing, total, changes }: SelectionBarProps) {
  const { may } = useDataset()
  const { busy } = changes
  if (choosing.size === 0) return null
  return (
    <div className="selbar" role="toolbar" aria-label="Selected items">
      <span aria-live="polite" className="num-tab">
        <b>{count(choosing.size)} selected</b> <span className="m3">of {count(total)}</span>
      </span>
      {choosing.size < total && (
        <Button variant="transparent" size="compact-sm" className="acc" onClick={choosing.all}>
          Select all
        </Button>
      )}
      <span className="selbar-line" />
      {may('edit') && (
        <Menu position="top" width={180}>
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              className="quiet"
              leftSection={<IconArrowsSplit2 {...ICON} />}
              loading={busy === 'part'}
              disabled={busy !== null}
            >
              Move to split
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {PARTS.map(([part, word]) => (
              <Menu.Item key={part} onClick={() => changes.moveTo(part)}>
                {word}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button
        variant="subtle"
        color="gray"
        className="quiet"
        leftSection={<IconCopy {...ICON} />}
        loading={busy === 'copy'}
        disabled={busy !== null}
        onClick={changes.copyNames}
      >
        Copy names
      </Button>
      {may('edit') && (
        <Button
          variant="subtle"
          color="gray"
          className="quiet"
          leftSection={<IconTrash {...ICON} />}
          loading={busy === 'remove'}
          disabled={busy !== null}
          onClick={changes.remove}
        >
          Remove
        </Button>
      )}
      <Tooltip label="Select nothing (Esc)">
        <ActionIcon aria-label="Select nothing" onClick={choosing.none}>
          <IconX {...ICON} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
