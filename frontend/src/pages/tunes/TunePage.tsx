import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconChevronRight, IconDownload, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { api, request, unwrap } from '@/api/client'
import { ApiError } from '@/api/errors'
import { Confirm } from '@/parts/Confirm'
import { moment } from '@/parts/format'
import { Faulty, NothingHere, Note, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { toast } from '@/parts/toast'
import { SettingsTable } from './SettingsTable'
import './tunes.css'
import type { Tune } from './types'
import { TUNES_KEY, useBaseModels, useTemplates, useTune } from './useTunes'

/** A tune: what it trains on what, how, and its configuration to take away. */
export default function TunePage() {
  const id = useParams()['tune'] ?? ''
  const { data: tune, error, refetch } = useTune(id)
  useDocumentTitle(`${tune?.name ?? 'Tune'} – Triptych`)
  if (error instanceof ApiError && error.status === 404) return <NothingHere what="tune" />
  if (error !== null) return <Faulty error={error} retry={() => void refetch()} />
  if (tune === undefined) return <div aria-busy="true" />
  return (
    <div className="scroll-y">
      <div className="tunes">
        <Head tune={tune} />
        <div className="tune-columns">
          <div className="col">
            <Facts tune={tune} />
            <Parameters tune={tune} />
          </div>
          <Configuration tune={tune} />
        </div>
      </div>
    </div>
  )
}

function addressOf(tune: Tune): string {
  return `/api/v1/tunes/${tune.id}/configuration.yaml`
}

function Head({ tune }: { tune: Tune }) {
  const [asking, setAsking] = useState(false)
  const removing = useRemoving(tune)
  const dataset = tune.dataset['name'] ?? ''
  return (
    <header>
      <nav className="crumb" aria-label="Where this is">
        <Link to={`/datasets/${encodeURIComponent(dataset)}`}>
          <Name text={tune.dataset['display_name'] || dataset} />
        </Link>
        <IconChevronRight size={14} stroke={1.7} aria-hidden />
        <Link to={`/tunes?${new URLSearchParams({ dataset }).toString()}`}>Tunes</Link>
      </nav>
      <div className="row wrap tunes-head">
        <h1 className="el">{tune.name}</h1>
        <span className="chip">{tune.state}</span>
        <span className="grow" />
        <Button
          variant="filled"
          component="a"
          href={addressOf(tune)}
          download
          leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
        >
          Download configuration
        </Button>
        <Tooltip label="Delete">
          <ActionIcon aria-label="Delete the tune" onClick={() => setAsking(true)}>
            <IconTrash size={16} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <Confirm
        opened={asking}
        close={() => setAsking(false)}
        title={`Delete ${tune.name}?`}
        verb="Delete the tune"
        busy={removing.isPending}
        run={() => removing.mutate()}
      >
        Its parameters are lost. The dataset and other tunes stay as they are.
        <ProblemNote error={removing.error} />
      </Confirm>
    </header>
  )
}

function useRemoving(tune: Tune) {
  const navigate = useNavigate()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/tunes/{tune}', { params: { path: { tune: tune.id } } })),
    onSuccess: () => {
      toast({ kind: 'info', title: `${tune.name} is deleted` })
      const dataset = tune.dataset['name'] ?? ''
      void navigate(`/tunes?${new URLSearchParams({ dataset }).toString()}`, { replace: true })
      void client.invalidateQueries({ queryKey: TUNES_KEY })
    },
  })
}

function Facts({ tune }: { tune: Tune }) {
  const models = useBaseModels().data
  const templates = useTemplates().data
  const model = models?.find(({ id }) => id === tune.base_model)
  const template = templates?.find(({ id }) => id === tune.template)
  return (
    <section className="card" aria-label="What it is">
      <div className="pad">
        {tune.description !== '' && (
          <p className="tune-description">
            <bdi>{tune.description}</bdi>
          </p>
        )}
        <dl className="kv summary">
          <dt>Task</dt>
          <dd>{tune.task}</dd>
          <dt>Dataset</dt>
          <dd className="row tune-dataset">
            <Name text={tune.dataset['display_name'] || (tune.dataset['name'] ?? '')} />
            <span className="m3 nowrap">version {tune.version}</span>
          </dd>
          <dt>Config template</dt>
          <dd>{template?.title ?? tune.template}</dd>
          <dt>Base model</dt>
          <dd>{model?.title ?? tune.base_model}</dd>
          <dt>Created</dt>
          <dd>
            {moment(tune.created_at)} by <bdi>{tune.author}</bdi>
          </dd>
        </dl>
      </div>
    </section>
  )
}

function Parameters({ tune }: { tune: Tune }) {
  const template = useTemplates().data?.find(({ id }) => id === tune.template)
  if (template === undefined) return null
  return <SettingsTable template={template} settings={tune.settings} changed={tune.parameters} />
}

/** What TerraTorch is started with, as the file that is downloaded. */
function Configuration({ tune }: { tune: Tune }) {
  const text = useQuery({
    queryKey: [...TUNES_KEY, 'configuration', tune.id, tune.updated_at],
    queryFn: async ({ signal }) => (await request(addressOf(tune), { signal })).text(),
  })
  return (
    <section className="card" aria-label="Configuration">
      <header>
        <h2 className="card-title">Configuration</h2>
        <span className="m3 right">TerraTorch, Lightning</span>
      </header>
      <div className="pad col wizard-fields">
        <ProblemNote error={text.error} />
        {text.data !== undefined && (
          <pre
            className="code tune-code"
            // A long text scrolls, also by keyboard.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            aria-label="Configuration as YAML"
            dir="ltr"
          >
            {text.data}
          </pre>
        )}
        <Note kind="acc">
          A draft is not run here. Download the configuration and start it with{' '}
          <code className="mono">terratorch fit -c {tune.name}.yaml</code>.
        </Note>
      </div>
    </section>
  )
}
