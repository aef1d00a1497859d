import { Button, PasswordInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { api, unwrap } from '@/api/client'
import { ProblemNote } from '@/parts/Messages'
import { toast } from '@/parts/toast'
import { useAct } from '@/parts/useAct'

const EYE = { 'aria-label': 'Show the password' }

/** Sets one's own password; whoever came by a link has no current one. */
export function PasswordCard({ user, email }: { user: string; email: string }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const save = useAct(
    () =>
      unwrap(
        api.PUT('/api/v1/users/{user}/password', {
          params: { path: { user } },
          body: { password, current: current === '' ? null : current },
        }),
      ),
    [],
    { quiet: true },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate(undefined, {
      onSuccess: () => {
        setCurrent('')
        setPassword('')
        toast({ title: 'The password is set', text: 'Your other sessions have ended.' })
      },
    })
  }
  return (
    <section className="card">
      <header>
        <h2>Password</h2>
      </header>
      <form className="pad col organization-form account-form" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <PasswordInput
          label="Current password"
          description="Empty when you have none yet."
          inputWrapperOrder={['label', 'input', 'description']}
          autoComplete="current-password"
          value={current}
          visibilityToggleButtonProps={EYE}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="10 characters or more."
          inputWrapperOrder={['label', 'input', 'description']}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={10}
          value={password}
          visibilityToggleButtonProps={EYE}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ProblemNote error={save.error} />
        <div>
          <Button type="submit" variant="filled" loading={save.isPending}>
            Set password
          </Button>
        </div>
      </form>
    </section>
  )
}
