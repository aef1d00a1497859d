import { Button, Modal, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { ProblemNote } from '@/parts/Messages'
import { useAct } from '@/parts/useAct'

/** The name of a new team, or another name for one that is there. */
export function TeamNameDialog({ team, close }: { team?: Schemas['TeamView']; close: () => void }) {
  const [name, setName] = useState(team?.name ?? '')
  const save = useAct(
    () =>
      team === undefined
        ? unwrap(api.POST('/api/v1/teams', { body: { name: name.trim() } }))
        : unwrap(
            api.PATCH('/api/v1/teams/{team}', {
              params: { path: { team: team.id } },
              body: { name: name.trim() },
            }),
          ),
    [['teams'], ['people'], ['session']],
    { quiet: true },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate(undefined, { onSuccess: close })
  }
  const title = team === undefined ? 'Add a team' : 'Rename the team'
  return (
    <Modal opened onClose={close} title={title} size={400} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="col organization-form" onSubmit={submit}>
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          data-autofocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ProblemNote error={save.error} />
        <div className="row confirm-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {team === undefined ? 'Add team' : 'Rename team'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
