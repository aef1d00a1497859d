import { Button, Modal } from '@mantine/core'
import type { Schemas } from '@/api/client'
import { FindingsList } from '@/parts/FindingsList'
import { count } from '@/parts/format'
import { toastProblem } from '@/parts/toast'

interface SplitOutcomeProps {
  made: Schemas['SplitMade']
  close: () => void
  revert: () => Promise<void>
}

/** What a split leaves out and what leaks in it, before it is kept. */
export function SplitOutcome({ made, close, revert }: SplitOutcomeProps) {
  const undo = () => {
    revert()
      .then(close)
      .catch((error: unknown) => toastProblem(error, 'It could not be undone'))
  }
  return (
    <Modal
      opened
      onClose={close}
      size={640}
      title={`Version ${count(made.version)} is split. Keep it?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <FindingsList findings={made.findings} />
      <div className="row dialog-foot">
        <Button onClick={undo}>Take it back</Button>
        <span className="grow" />
        <Button variant="filled" onClick={close} data-autofocus>
          Keep it
        </Button>
      </div>
    </Modal>
  )
}
