import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface ConfirmProps {
  opened: boolean
  close: () => void
  /** A question. */
  title: ReactNode
  children: ReactNode
  /** The answer: a verb with its object. */
  verb: string
  busy?: boolean
  run: () => void
}

/** Asks before something that cannot be taken back at once; the filled red button lives in here alone. */
export function Confirm({ opened, close, title, children, verb, busy = false, run }: ConfirmProps) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="m2 confirm-text">{children}</div>
      <div className="row confirm-foot">
        <span className="grow" />
        <Button onClick={close}>Cancel</Button>
        <Button variant="filled" color="red" loading={busy} onClick={run} data-autofocus>
          {verb}
        </Button>
      </div>
    </Modal>
  )
}
