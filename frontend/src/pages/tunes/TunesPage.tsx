import { Button } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconAdjustments } from '@tabler/icons-react'
import { Link, useSearchParams } from 'react-router'
import { moment, when } from '@/parts/format'
import { Centred, Faulty } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import './tunes.css'
import type { Tune } from './types'
import { useBaseModels, useTuneList } from './useTunes'

/** Tunes, newest first; of one dataset where the address names it. */
export default function TunesPage() {
  useDocumentTitle('Tunes – Triptych')
  const [parameters] = useSearchParams()
  const dataset = parameters.get('dataset')
  const list = useTuneList(dataset)
  if (list.isError) return <Faulty error={list.error} retry={() => void list.refetch()} />
  return (
    <div className="scroll-y">
      <div className="tunes" aria-busy={list.isPending}>
        <div className="row wrap tunes-head">
          <h1>Tunes</h1>
          {dataset !== null && (
            <span className="m2 row">
              of
              <Link to={`/datasets/${encodeURIComponent(dataset)}`}>
                <Name text={dataset} />
              </Link>
            </span>
          )}
          {dataset !== null && (
            <Button
              component={Link}
              to={`/tunes/new?${new URLSearchParams({ dataset }).toString()}`}
              variant="filled"
              className="right"
            >
              Fine-tune
            </Button>
          )}
        </div>
        {list.items.length > 0 && <Table tunes={list.items} />}
        {list.items.length === 0 && !list.isPending && <Empty />}
        {list.hasNextPage && (
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        )}
      </div>
    </div>
  )
}

function Table({ tunes }: { tunes: readonly Tune[] }) {
  const models = useBaseModels().data
  return (
    <div className="card tunes-table">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th>Task</th>
            <th>Dataset</th>
            <th>Base model</th>
            <th>By</th>
            <th>Created</th>
          </tr>
        </thead>
        <tbody>
          {tunes.map((tune) => (
            <tr key={tune.id}>
              <td>
                <Link className="nm" to={`/tunes/${tune.id}`}>
                  {tune.name}
                </Link>
                {tune.description !== '' && (
                  <div className="m3 s12 el tunes-description">
                    <bdi>{tune.description}</bdi>
                  </div>
                )}
              </td>
              <td>
                <span className="chip">{tune.state}</span>
              </td>
              <td>{tune.task}</td>
              <td className="tunes-dataset">
                <Name text={tune.dataset['display_name'] || (tune.dataset['name'] ?? '')} />
                <span className="m3 s12"> version {tune.version}</span>
              </td>
              <td>{models?.find(({ id }) => id === tune.base_model)?.title ?? tune.base_model}</td>
              <td>
                <Name text={tune.author} />
              </td>
              <td className="nowrap" title={moment(tune.created_at)}>
                {when(tune.created_at)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Empty() {
  return (
    <Centred icon={<IconAdjustments size={20} stroke={1.7} aria-hidden />} title="No tune yet">
      A tune says which model is trained on which dataset, and how. Open a geospatial dataset that is ready
      and press Fine-tune.
    </Centred>
  )
}
