import { Button, Modal, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { Confirm } from '@/parts/Confirm'
import { when } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { Secret } from '@/parts/Secret'
import { useAct } from '@/parts/useAct'
import { usePages } from '@/parts/usePages'

type Token = Schemas['TokenView']

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'Until it is revoked' },
]

export function TokensCard() {
  const tokens = usePages<Token>(['tokens'], (after, signal) =>
    unwrap(api.GET('/api/v1/tokens', { params: { query: { limit: 100, after } }, signal })),
  )
  const [making, setMaking] = useState(false)
  return (
    <section className="card">
      <header>
        <h2>API tokens</h2>
        <span className="grow" />
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          New token
        </Button>
      </header>
      {tokens.isError && <ProblemNote error={tokens.error} />}
      {tokens.items.length === 0 && !tokens.isPending && (
        <p className="m3 organization-none">
          None yet. A token lets a program, the command line or <code>triptych.load</code> do what you may do.
        </p>
      )}
      {tokens.items.length > 0 && (
        <div className="organization-table">
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th>Begins with</th>
                <th>Last used</th>
                <th>Works until</th>
                <th aria-label="Actions" />
              </tr>
            </thead>
            <tbody>
              {tokens.items.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {making && <NewTokenDialog close={() => setMaking(false)} />}
    </section>
  )
}

function TokenRow({ token }: { token: Token }) {
  const [asking, setAsking] = useState(false)
  const revoke = useAct(
    () => unwrap(api.DELETE('/api/v1/tokens/{token}', { params: { path: { token: token.id } } })),
    [['tokens']],
  )
  return (
    <tr className={token.revoked_at === null ? '' : 'inactive'}>
      <td className="b">
        <Name text={token.name} />
      </td>
      <td className="mono">{token.prefix}…</td>
      <td className="nowrap">{token.last_used_at === null ? 'Never' : when(token.last_used_at)}</td>
      <td className="nowrap">{until(token)}</td>
      <td>
        {token.revoked_at === null && (
          <Button size="xs" onClick={() => setAsking(true)} aria-label={`Revoke ${token.name}`}>
            Revoke
          </Button>
        )}
        <Confirm
          opened={asking}
          close={() => setAsking(false)}
          title={
            <>
              Revoke <bdi>{token.name}</bdi>?
            </>
          }
          verb="Revoke token"
          busy={revoke.isPending}
          run={() => revoke.mutate(undefined, { onSettled: () => setAsking(false) })}
        >
          Programs that use it are refused from now on. It cannot be taken back.
        </Confirm>
      </td>
    </tr>
  )
}

function until(token: Token): string {
  if (token.revoked_at !== null) return `Revoked ${when(token.revoked_at)}`
  return token.expires_at === null ? 'It is revoked' : when(token.expires_at)
}

function NewTokenDialog({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const make = useAct(
    () =>
      unwrap(
        api.POST('/api/v1/tokens', { body: { name: name.trim(), days: days === '' ? null : Number(days) } }),
      ),
    [['tokens']],
    { quiet: true },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    make.mutate(undefined)
  }
  return (
    <Modal opened onClose={close} title="New token" closeButtonProps={{ 'aria-label': 'Close' }}>
      {make.data ? (
        <>
          <Secret
            label="Token"
            value={make.data.token}
            hint="Shown this once. Keep it where you keep passwords."
          />
          <div className="row confirm-foot">
            <span className="grow" />
            <Button variant="filled" onClick={close}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <form className="col organization-form" onSubmit={submit}>
          <TextInput
            label="Name"
            placeholder="Training on the cluster"
            required
            withAsterisk={false}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Works for"
            data={LIFETIMES}
            allowDeselect={false}
            value={days}
            onChange={(value) => setDays(value ?? '')}
          />
          <ProblemNote error={make.error} />
          <div className="row confirm-foot">
            <span className="grow" />
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="filled" loading={make.isPending}>
              Make token
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
