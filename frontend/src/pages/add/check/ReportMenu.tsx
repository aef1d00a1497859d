import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
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
        <Menu.Item onClick={() => save(`${name}-check.txt`, reportText(report, name), 'text/plain')}>
          As text
        </Menu.Item>
        <Menu.Item
          onClick={() => save(`${name}-check.json`, JSON.stringify(report, null, 2), 'application/json')}
        >
          As JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function save(filename: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = filename.replaceAll('/', '_')
  link.click()
  // The download has taken its own hold of the bytes by then.
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}
