import { Button, TextInput } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Source } from '@/uploads/sources'

/** A zip or tar on the web, checked before it is downloaded. */
export function AddressCard({ take }: { take: (source: Source) => void }) {
  const [parameters] = useSearchParams()
  const [url, setUrl] = useState('')
  const [error, setError] = useState<string | null>(null)
  const check = (event: SubmitEvent) => {
    event.preventDefault()
    const address = url.trim()
    if (!/^https?:\/\/[^/]/i.test(address)) setError('An address begins with http:// or https://.')
    else take({ kind: 'url', url: address })
  }
  return (
    <section className="card way" aria-label="From an address">
      <IconLink size={20} stroke={1.7} className="acc" aria-hidden />
      <h2>From an address</h2>
      <p className="m2">A zip on the web is checked before it is downloaded. The server fetches it.</p>
      <form className="row way-foot" noValidate onSubmit={check}>
        <TextInput
          className="grow"
          aria-label="Address of a zip or tar"
          placeholder="https://…"
          type="url"
          autoFocus={parameters.get('from') === 'url'}
          value={url}
          error={error}
          onChange={(event) => {
            setUrl(event.currentTarget.value)
            setError(null)
          }}
        />
        <Button type="submit">Check it</Button>
      </form>
    </section>
  )
}
