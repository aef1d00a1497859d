import { Button } from '@mantine/core'
import { IconShieldCheck, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { bytes, count, share } from '@/parts/format'
import { Faulty } from '@/parts/Messages'
import { useAct } from '@/parts/useAct'
import type { May } from './roles'
import { Section } from './Section'

/** What is stored, what may be, and whether every byte is still what it was. */
export function StorageSection({ may }: { may: May }) {
  const navigate = useNavigate()
  const storage = useQuery({
    queryKey: ['storage'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/storage', { signal })),
  })
  const verify = useAct(() => unwrap(api.POST('/api/v1/verify')), [['jobs']])
  return (
    <Section
      title="Storage"
      text="Files are stored as they came, each once, named by its hash. What is computed from them can be made again."
      action={
        may.administer && (
          <Button
            leftSection={<IconShieldCheck size={16} stroke={1.7} aria-hidden />}
            loading={verify.isPending}
            onClick={() =>
              verify.mutate(undefined, { onSuccess: (begun) => void navigate(`/jobs/${begun.job.id}`) })
            }
          >
            Verify every byte
          </Button>
        )
      }
    >
      {storage.isError && <Faulty error={storage.error} retry={() => void storage.refetch()} />}
      {storage.data && (
        <div className="organization-figures">
          <Figure label="Stored" value={bytes(storage.data.stored_bytes)}>
            {storage.data.quota_bytes === null
              ? 'No quota is set'
              : `${share(storage.data.stored_bytes, storage.data.quota_bytes)} of ${bytes(storage.data.quota_bytes)}`}
          </Figure>
          <Figure label="Uploads on their way" value={bytes(storage.data.uploads_bytes)}>
            Unfinished ones go after 7 days without a byte
          </Figure>
          <Figure label="Datasets" value={count(storage.data.datasets)}>
            <Link to="/datasets">Look at them</Link>
          </Figure>
          <Figure label="In the trash" value={count(storage.data.trashed_datasets)}>
            <Link to="/datasets?state=trashed" className="row">
              <IconTrash size={14} stroke={1.7} aria-hidden /> Look at the trash
            </Link>
          </Figure>
        </div>
      )}
    </Section>
  )
}

function Figure({ label, value, children }: { label: string; value: string; children: React.ReactNode }) {
  return (
    <div className="card organization-figure">
      <span className="m2">{label}</span>
      <b>{value}</b>
      <span className="m3 s12">{children}</span>
    </div>
  )
}
