import { Button } from '@mantine/core'
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  IconLock,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { problemOf } from '@/api/errors'

interface CentredProps {
  icon: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  level?: 1 | 2
}

/** A page or a panel that has nothing to show: what is so, and what to do about it. */
export function Centred({ icon, title, children, actions, level = 2 }: CentredProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className="centred">
      <div className="m3">{icon}</div>
      <Heading className="centred-title">{title}</Heading>
      {children !== undefined && <div className="m2 centred-text">{children}</div>}
      {actions !== undefined && <div className="row wrap centred-actions">{actions}</div>}
    </div>
  )
}

/** What is not there and what may not be seen look the same. */
export function NothingHere({ what = 'page' }: { what?: string }) {
  return (
    <Centred
      level={1}
      icon={<IconLock size={20} stroke={1.7} aria-hidden />}
      title="There is nothing here for you"
      actions={
        <Button component={Link} to="/datasets">
          To my datasets
        </Button>
      }
    >
      Either this {what} does not exist, or it was not shared with you. Ask the person who sent you the link,
      or sign in with another account.
    </Centred>
  )
}

/** What failed, with the server's own words, and a way to try again. */
export function Faulty({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error)
  return (
    <div role="alert">
      <Centred
        icon={<IconAlertCircle size={20} stroke={1.7} className="bad" aria-hidden />}
        title={problem.message}
        actions={retry && <Button onClick={retry}>Try again</Button>}
      >
        {problem.hint}
      </Centred>
    </div>
  )
}

const NOTE_ICONS = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconAlertCircle,
  acc: IconInfoCircle,
} as const

/** A line of weight on a tinted ground; never colour alone. */
export function Note({
  kind,
  children,
  role,
}: {
  kind: keyof typeof NOTE_ICONS
  children: ReactNode
  role?: string
}) {
  const Icon = NOTE_ICONS[kind]
  return (
    <div className={`note ${kind}`} role={role}>
      <Icon size={16} stroke={1.7} className="i note-icon" aria-hidden />
      <div className="grow">{children}</div>
    </div>
  )
}

/** An error inside a form or a panel, in the server's words. */
export function ProblemNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null
  const problem = problemOf(error)
  return (
    <Note kind="bad" role="alert">
      <b>{problem.message}</b> {problem.hint}
    </Note>
  )
}
