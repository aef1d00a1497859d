import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { plural, visibleEnd } from '@/parts/format'
import { useDataset } from '../useDataset'
import { isSameName } from './names'
import { useTrashing } from './useTrashing'

/** Asks for the name, so that nobody deletes what they did not mean. */
export function DeleteDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { show } = useDataset()
  const navigate = useNavigate()
  const { trash, busy } = useTrashing()
  const [typed, setTyped] = useState('')
  const same = isSameName(typed, show.display_name)
  const name = <bdi className="b delete-name">{visibleEnd(show.display_name)}</bdi>
  const leave = () => {
    setTyped('')
    close()
  }
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={<>Delete {name}?</>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!same) return
          void trash().then((done) => {
            if (done) void navigate('/datasets')
          })
        }}
      >
        <p className="m2">
          It goes into the trash with all its versions and annotation sets, and can be restored from there
          until it is deleted for good.
          {show.tunes > 0 && ` ${plural(show.tunes, 'tune rests', 'tunes rest')} on it and go with it then.`}
        </p>
        <TextInput
          className="delete-field"
          label="Type the name to delete it"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          data-autofocus
        />
        <div className="row confirm-foot">
          <span className="grow" />
          <Button onClick={leave}>Cancel</Button>
          <Button type="submit" variant="filled" color="red" disabled={!same} loading={busy}>
            Delete
          </Button>
        </div>
      </form>
    </Modal>
  )
}
