import { Button } from '@mantine/core'
import { IconDownload, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, unwrap } from '@/api/client'
import { hasEnded } from '@/frame/live'
import { FindingsList } from '@/parts/FindingsList'
import { plural } from '@/parts/format'
import { Note, ProblemNote } from '@/parts/Messages'
import { Progress } from '@/parts/Progress'
import { stageNow } from '@/parts/stages'
import { useAct } from '@/parts/useAct'
import { itemsText } from '@/parts/words'
import type { Job, Show } from '../types'
import { useDataset } from '../useDataset'

/** Whether there is a version to look at. */
export function showsContents(show: Pick<Show, 'version'>): boolean {
  return show.version > 0
}

/** A dataset without a version: what happens or happened, what was noticed, and the ways on. */
export function NotReady() {
  const { show, job } = useDataset()
  const whole = useQuery({
    queryKey: ['job', job?.id],
    enabled: job !== null,
    queryFn: () => unwrap(api.GET('/api/v1/jobs/{job}', { params: { path: { job: job?.id ?? '' } } })),
  }).data
  return (
    <div className="scroll-y not-ready">
      <div className="col not-ready-column">
        {whole === undefined ? null : <Happening job={whole} show={show} />}
        <Findings />
      </div>
    </div>
  )
}

function Happening({ job, show }: { job: Job; show: Show }) {
  const problem = job.error
  const kept = show.bins.imported
  if (show.state === 'trashed') {
    return <Note kind="warn">The dataset is in the trash, and was never published.</Note>
  }
  if (show.state === 'needs_decision' && hasEnded(job)) {
    return (
      <Note kind="warn">
        <b>{plural(show.bins.rejected, 'file')} could not be read.</b> {plural(kept, 'other')}{' '}
        {kept === 1 ? 'is' : 'are'} ready. Nothing is published until you keep the rest or discard all.
      </Note>
    )
  }
  if (!hasEnded(job)) return <Running job={job} />
  if (problem === null) return null
  return (
    <section className="card" aria-label="What happened">
      <div className="pad col not-ready-cause">
        <h2>{problem.message}</h2>
        {problem.hint !== '' && <p className="m2">{problem.hint}</p>}
        <p className="m3">Nothing was published, and no other dataset is affected.</p>
        <JobButtons job={job} />
      </div>
      {problem.findings.length > 0 && <FindingsList findings={problem.findings} />}
    </section>
  )
}

function Running({ job }: { job: Job }) {
  const { show } = useDataset()
  const waits = job.state === 'waiting'
  return (
    <section className="card" aria-label="Progress">
      <div className="pad col not-ready-cause">
        <h2>
          {waits ? 'It waits for its turn' : `The ${itemsText(2, show.modality).slice(2)} are being read`}
        </h2>
        <Progress
          stage={waits || job.stage === '' ? 'Waiting' : stageNow(job.stage)}
          done={job.done}
          total={job.total}
          left={job.seconds_left}
        />
        <p className="m3">It goes on when this page is closed.</p>
        <JobButtons job={job} />
      </div>
    </section>
  )
}

function JobButtons({ job }: { job: Job }) {
  const { name, may } = useDataset()
  const refreshed = [['job', job.id], ['jobs'], ['dataset', name], ['datasets']]
  const path = { params: { path: { job: job.id } } }
  const cancel = useAct(() => unwrap(api.POST('/api/v1/jobs/{job}/cancel', path)), refreshed)
  const retry = useAct(() => unwrap(api.POST('/api/v1/jobs/{job}/retry', path)), refreshed)
  const ended = hasEnded(job)
  return (
    <div className="row wrap">
      {ended && may('edit') && (
        <Button
          variant="filled"
          leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.mutate(undefined)}
        >
          Try again
        </Button>
      )}
      {!ended && may('edit') && (
        <Button
          color="red"
          variant="outline"
          loading={cancel.isPending}
          disabled={job.cancel_requested}
          onClick={() => cancel.mutate(undefined)}
        >
          {job.cancel_requested ? 'Stopping' : 'Cancel'}
        </Button>
      )}
      <Button
        component="a"
        href={`/api/v1/jobs/${job.id}/log?format=text`}
        download
        leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
      >
        Log
      </Button>
      <Link to={`/jobs/${job.id}`}>All about this job</Link>
    </div>
  )
}

function Findings() {
  const { name, show } = useDataset()
  const findings = useQuery({
    queryKey: ['dataset', name, 'findings', 0],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/findings', {
          params: { path: { dataset: show.id }, query: { limit: 100 } },
        }),
      ),
  })
  if (findings.error !== null) return <ProblemNote error={findings.error} />
  return findings.data === undefined ? null : <FindingsList findings={findings.data.items} />
}
