import { Button, Modal, Select, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { api, unwrap } from '@/api/client'
import type { Role } from '@/api/session'
import { ProblemNote } from '@/parts/Messages'
import { useAct } from '@/parts/useAct'
import { ROLES } from './roles'

/** A new person gets a one-time sign-in link, which whoever added them passes on. */
export function AddPersonDialog({
  close,
  showLink,
}: {
  close: () => void
  showLink: (path: string) => void
}) {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('member')
  const add = useAct(
    () => unwrap(api.POST('/api/v1/users', { body: { email: email.trim(), name: name.trim(), role } })),
    [['people']],
    { quiet: true },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    add.mutate(undefined, {
      onSuccess: (person) => {
        close()
        if (person.sign_in_link !== null) showLink(person.sign_in_link)
      },
    })
  }
  return (
    <Modal
      opened
      onClose={close}
      title="Add a person"
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className="col organization-form" onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label="Role"
          description={ROLES.find((each) => each.value === role)?.text}
          inputWrapperOrder={['label', 'input', 'description']}
          data={ROLES}
          allowDeselect={false}
          value={role}
          onChange={(value) => value !== null && setRole(value)}
        />
        <ProblemNote error={add.error} />
        <div className="row confirm-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled" loading={add.isPending}>
            Add person
          </Button>
        </div>
      </form>
    </Modal>
  )
}
