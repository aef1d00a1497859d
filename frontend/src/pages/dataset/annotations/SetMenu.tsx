import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core'
import { IconDotsVertical } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '@/api/client'
import { Confirm } from '@/parts/Confirm'
import { plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { toastProblem } from '@/parts/toast'
import { useDataset } from '../useDataset'
import { usePublished } from '../usePublished'
import type { AnnotationSet } from './SetCard'

interface SetMenuProps {
  set: AnnotationSet
  renamed: (name: string) => void
}

/** What can be done with an annotation set; each change is a version and can be taken back. */
export function SetMenu({ set, renamed }: SetMenuProps) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${set.name}`} size={28}>
            <IconDotsVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking('rename')}>Rename</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsking('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'rename' && <Rename set={set} renamed={renamed} close={() => setAsking(null)} />}
      {asking === 'delete' && <Delete set={set} close={() => setAsking(null)} />}
    </>
  )
}

const LONGEST = 1000

function Rename({ set, renamed, close }: SetMenuProps & { close: () => void }) {
  const published = usePublished()
  const [name, setName] = useState(set.name)
  const rename = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH('/api/v1/datasets/{dataset}/annotations/{set}', {
          params: { path: { dataset: published.at, set: set.name } },
          body: { name },
        }),
      ),
    onSuccess: ({ version }) => {
      close()
      renamed(name.trim())
      published.say({
        version,
        title: (
          <>
            <bdi>{set.name}</bdi> is now called <bdi>{name}</bdi>
          </>
        ),
        undone: () => renamed(set.name),
      })
    },
  })
  return (
    <Modal
      opened
      onClose={close}
      title="Rename the annotation set"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className="col dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate()
        }}
      >
        <TextInput
          label="Name"
          description="Training code asks for it by this name. Earlier versions keep the old one."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          dir="auto"
          maxLength={LONGEST}
          value={name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ProblemNote error={rename.error} />
        <div className="row dialog-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={rename.isPending}
            disabled={name.trim() === '' || name === set.name}
          >
            Rename
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function Delete({ set, close }: { set: AnnotationSet; close: () => void }) {
  const { show } = useDataset()
  const published = usePublished()
  const remove = useMutation({
    mutationFn: () =>
      unwrap(
        api.DELETE('/api/v1/datasets/{dataset}/annotations/{set}', {
          params: { path: { dataset: published.at, set: set.name } },
        }),
      ),
    onSuccess: ({ version }) => {
      close()
      published.say({
        version,
        title: (
          <>
            <bdi>{set.name}</bdi> is deleted
          </>
        ),
      })
    },
    onError: (error) => toastProblem(error),
  })
  const last = show.annotation_sets.length === 1
  return (
    <Confirm
      opened
      close={close}
      title={
        <>
          Delete <bdi>{set.name}</bdi>?
        </>
      }
      verb="Delete the annotation set"
      busy={remove.isPending}
      run={() => remove.mutate()}
    >
      The labels of {plural(set.items, 'picture')} go from the next version on. Earlier versions keep them.
      {last && ' It is the only set: without labels a model cannot be trained.'}
    </Confirm>
  )
}
