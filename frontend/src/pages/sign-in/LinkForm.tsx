import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Session } from '@/api/session'
import { ProblemNote } from '@/parts/Messages'

/** A link is used when the person asks for it: programs that preview links would use it up. */
export function LinkForm({ link, done }: { link: string; done: (session: Session) => void }) {
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/session', { body: { link } })),
    onSuccess: done,
  })
  return (
    <div className="col sign-in-form">
      <p role="status">This link signs you in once, on this browser.</p>
      <ProblemNote error={signIn.error} />
      <Button variant="filled" autoFocus loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in
      </Button>
    </div>
  )
}
