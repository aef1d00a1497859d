import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { problemOf } from '@/api/errors'

interface Toast {
  id?: string
  kind?: 'good' | 'warn' | 'info'
  title: ReactNode
  text?: ReactNode
  action?: { label: string; run: () => void }
}

const ICONS = {
  good: <IconCircleCheck size={16} stroke={1.7} className="good" aria-hidden />,
  warn: <IconAlertTriangle size={16} stroke={1.7} className="warn" aria-hidden />,
  info: <IconInfoCircle size={16} stroke={1.7} aria-hidden />,
}

/** A message at the bottom right for six seconds, with one action where there is one. */
export function toast({ id, kind = 'good', title, text, action }: Toast): void {
  const shown = notifications.show({
    ...(id === undefined ? {} : { id }),
    icon: ICONS[kind],
    color: 'transparent',
    title,
    closeButtonProps: { 'aria-label': 'Close the message' },
    message: (
      <div className="row">
        <div className="grow m2">{text}</div>
        {action && (
          <Button
            variant="transparent"
            size="compact-sm"
            onClick={() => {
              notifications.hide(shown)
              action.run()
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
    ),
  })
}

/** What failed, in the server's words; it stays until it is closed. */
export function toastProblem(error: unknown, what?: string): void {
  const problem = problemOf(error)
  notifications.show({
    icon: <IconAlertCircle size={16} stroke={1.7} className="bad" aria-hidden />,
    color: 'transparent',
    autoClose: false,
    title: what ?? problem.message,
    closeButtonProps: { 'aria-label': 'Close the message' },
    message: [what === undefined ? '' : problem.message, problem.hint].filter(Boolean).join(' '),
  })
}
