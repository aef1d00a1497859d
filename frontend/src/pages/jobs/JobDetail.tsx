import { Button } from '@mantine/core'
import { IconArrowLeft, IconDownload, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { hasEnded } from '@/frame/live'
import { useDatasetOfJob } from './useDatasetOfJob'
import { duration, moment } from '@/parts/format'
import { Faulty, NothingHere } from '@/parts/Messages'
import { ApiError } from '@/api/errors'
import { StateLabel } from '@/parts/StateLabel'
import { kindWord, stageNow } from '@/parts/stages'
import { toastProblem } from '@/parts/toast'
import { JobCause } from './JobCause'
import { JobLog } from './JobLog'
import { JobStages } from './JobStages'
import { type Job, useJob, useJobActions } from './useJobs'

/** One job: its stages as a strip, what went wrong and the ways out, and its log. */
export function JobDetail({ id }: { id: string }) {
  const query = useJob(id)
  if (query.isPending) return null
  if (query.isError) {
    if (query.error instanceof ApiError && query.error.status === 404) return <NothingHere what="job" />
    return <Faulty error={query.error} retry={() => void query.refetch()} />
  }
  const job = query.data
  return (
    <article className="job">
      <Link to="/jobs" className="row job-back">
        <IconArrowLeft size={14} stroke={1.7} aria-hidden /> All jobs
      </Link>
      <header className="row wrap">
        <h2 className="job-title">
          <bdi>{job.title}</bdi>
        </h2>
        <StateLabel state={job.state} stage={job.state === 'running' ? stageNow(job.stage) : undefined} />
        <span className="grow" />
        <JobActions job={job} />
      </header>
      <p className="m2">{history(job)}</p>
      <DatasetLink job={job} />
      <JobStages job={job} />
      {job.error !== null && <JobCause job={job} problem={job.error} />}
      <JobLog job={job} />
    </article>
  )
}

function JobActions({ job }: { job: Job }) {
  const actions = useJobActions(job.id)
  const [busy, setBusy] = useState(false)
  const begin = (act: () => Promise<void>) => {
    setBusy(true)
    act()
      .catch((error: unknown) => toastProblem(error))
      .finally(() => setBusy(false))
  }
  const ended = hasEnded(job)
  return (
    <>
      <Button
        component="a"
        href={`/api/v1/jobs/${job.id}/log?format=text`}
        leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
      >
        Log
      </Button>
      {!ended && (
        <Button
          color="red"
          variant="outline"
          disabled={job.cancel_requested}
          loading={busy}
          onClick={() => begin(actions.cancel)}
        >
          {job.cancel_requested ? 'Stopping' : 'Cancel'}
        </Button>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Button
          variant="filled"
          loading={busy}
          leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
          onClick={() => begin(actions.retry)}
        >
          Try again
        </Button>
      )}
    </>
  )
}

function DatasetLink({ job }: { job: Job }) {
  const dataset = useDatasetOfJob(job)
  if (dataset === null) return null
  return (
    <p className="m2">
      Dataset{' '}
      <Link to={`/datasets/${encodeURIComponent(dataset.name)}`}>
        <bdi>{dataset.display_name}</bdi>
      </Link>
    </p>
  )
}

function history(job: Job): string {
  const said = [`${kindWord(job.kind)}, asked for ${moment(job.created_at)}`]
  if (job.started_at !== null && job.finished_at !== null)
    said.push(`ran for ${duration(job.finished_at - job.started_at)}`)
  if (job.attempt > 1) said.push(`attempt ${job.attempt}`)
  return said.join(', ')
}
