import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { saveText } from '@/parts/saveText'
import type { Report } from '@/uploads/report'
import { reportText } from './reportText'

/** The report as a file: text for people, JSON for programs. */
export function ReportMenu({ report, name }: { report: Report; name: string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconDownload size={14} stroke={1.7} aria-hidden />}
        >
          Download report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saveText(`${name}-check.txt`, reportText(report, name), 'text/plain')}>
          As text
        </Menu.Item>
        <Menu.Item
          onClick={() => saveText(`${name}-check.json`, JSON.stringify(report, null, 2), 'application/json')}
        >
          As JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
