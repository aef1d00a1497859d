import { Button, Tooltip } from '@mantine/core'
import { IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import type { Source } from '@/uploads/sources'
import { ServerFolders } from './ServerFolders'

const ROOTS_ASKED = 500

/** Zips and folders that lie on the server already. */
export function ServerCard({ take }: { take: (source: Source) => void }) {
  const [parameters] = useSearchParams()
  const [opened, setOpened] = useState(parameters.get('from') === 'server')
  const roots = useQuery({
    queryKey: ['roots'],
    queryFn: () => unwrap(api.GET('/api/v1/roots', { params: { query: { limit: ROOTS_ASKED } } })),
  })
  const none = roots.data?.items.length === 0
  return (
    <section className="card way" aria-label="From the server">
      <IconServer2 size={20} stroke={1.7} className="acc" aria-hidden />
      <h2>From the server</h2>
      <p className="m2">
        {none
          ? 'No folder of the server is registered. An administrator does that under Organization.'
          : 'Zips and folders in what the administrator has registered. Nothing has to be uploaded.'}
      </p>
      <div className="row way-foot">
        <Tooltip label="No folder is registered" disabled={!none}>
          <Button
            data-disabled={none || undefined}
            aria-disabled={none}
            onClick={() => {
              if (!none) setOpened(true)
            }}
          >
            Browse folders
          </Button>
        </Tooltip>
      </div>
      <ServerFolders
        roots={roots.data?.items ?? []}
        opened={opened && !none}
        close={() => setOpened(false)}
        take={take}
      />
    </section>
  )
}
