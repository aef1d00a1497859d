import { Button, Modal } from '@mantine/core'
import { Secret } from '@/parts/Secret'

/** The one-time sign-in link of a person, as a whole address to pass on. */
export function LinkDialog({ path, close }: { path: string | null; close: () => void }) {
  return (
    <Modal
      opened={path !== null}
      onClose={close}
      title="A sign-in link, shown this once"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {path !== null && (
        <Secret
          label="Link"
          value={`${window.location.origin}${path}`}
          hint="Give it to the person on a way that you trust. It works once, for 72 hours, and ends links made before."
        />
      )}
      <div className="row confirm-foot">
        <span className="grow" />
        <Button variant="filled" onClick={close}>
          Done
        </Button>
      </div>
    </Modal>
  )
}
