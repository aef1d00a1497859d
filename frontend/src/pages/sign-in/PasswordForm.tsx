import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, unwrap } from '@/api/client'
import type { Session } from '@/api/session'
import { ProblemNote } from '@/parts/Messages'

export function PasswordForm({ done }: { done: (session: Session) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/session', { body: { email, password } })),
    onSuccess: done,
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form className="col sign-in-form" onSubmit={submit}>
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemNote error={signIn.error} />
      <Button type="submit" variant="filled" loading={signIn.isPending}>
        Sign in
      </Button>
      <p className="m3 s12">
        No password yet? The server prints a one-time link when it starts for the first time, and an
        administrator can make one for you.
      </p>
    </form>
  )
}
