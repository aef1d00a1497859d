import { ActionIcon, Button, Modal, TextInput, Tooltip } from '@mantine/core'
import { IconFolder, IconPlus, IconTrash } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { Confirm } from '@/parts/Confirm'
import { when } from '@/parts/format'
import { Centred, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { useAct } from '@/parts/useAct'
import { usePages } from '@/parts/usePages'
import type { May } from './roles'
import { Section } from './Section'

type Root = Schemas['RootView']

export function RootsSection({ may }: { may: May }) {
  const roots = usePages<Root>(['roots'], (after, signal) =>
    unwrap(api.GET('/api/v1/roots', { params: { query: { limit: 100, after } }, signal })),
  )
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Server folders"
      text="Folders on the server that datasets may be added from without uploading. Their files are read, never changed."
      list={roots}
      action={
        may.roots && (
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Register folder
          </Button>
        )
      }
    >
      {roots.items.length > 0 && (
        <div className="card organization-table">
          <table>
            <thead>
              <tr>
                <th>Name</th>
                {may.roots && <th>Path</th>}
                <th>Since</th>
                {may.roots && <th aria-label="Actions" />}
              </tr>
            </thead>
            <tbody>
              {roots.items.map((root) => (
                <RootRow key={root.id} root={root} mayChange={may.roots} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {roots.items.length === 0 && !roots.isPending && (
        <Centred icon={<IconFolder size={20} stroke={1.7} aria-hidden />} title="No folder is registered">
          {may.roots
            ? 'Register one, and people can pick zips and folders in it when they add a dataset.'
            : 'An administrator registers folders of the server.'}
        </Centred>
      )}
      {adding && <AddRootDialog close={() => setAdding(false)} />}
    </Section>
  )
}

function RootRow({ root, mayChange }: { root: Root; mayChange: boolean }) {
  const [asking, setAsking] = useState(false)
  const remove = useAct(
    () => unwrap(api.DELETE('/api/v1/roots/{root}', { params: { path: { root: root.id } } })),
    [['roots']],
  )
  return (
    <tr>
      <td className="b">
        <Name text={root.name} />
      </td>
      {mayChange && <td>{root.path !== null && <Name text={root.path} file />}</td>}
      <td className="m2 nowrap">{when(root.created_at)}</td>
      {mayChange && (
        <td>
          <Tooltip label="Forget the folder">
            <ActionIcon aria-label={`Forget ${root.name}`} onClick={() => setAsking(true)}>
              <IconTrash size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Confirm
            opened={asking}
            close={() => setAsking(false)}
            title={
              <>
                Forget <bdi>{root.name}</bdi>?
              </>
            }
            verb="Forget folder"
            busy={remove.isPending}
            run={() => remove.mutate(undefined, { onSettled: () => setAsking(false) })}
          >
            Its files stay where they are, and so do the datasets that were made from them.
          </Confirm>
        </td>
      )}
    </tr>
  )
}

function AddRootDialog({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [path, setPath] = useState('')
  const add = useAct(
    () => unwrap(api.POST('/api/v1/roots', { body: { name: name.trim(), path: path.trim() } })),
    [['roots']],
    { quiet: true },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    add.mutate(undefined, { onSuccess: close })
  }
  return (
    <Modal
      opened
      onClose={close}
      title="Register a folder of the server"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className="col organization-form" onSubmit={submit}>
        <TextInput
          label="Name"
          description="What people see when they pick it."
          inputWrapperOrder={['label', 'input', 'description']}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Path on the server"
          placeholder="/data/archive"
          required
          withAsterisk={false}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <ProblemNote error={add.error} />
        <div className="row confirm-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled" loading={add.isPending}>
            Register folder
          </Button>
        </div>
      </form>
    </Modal>
  )
}
