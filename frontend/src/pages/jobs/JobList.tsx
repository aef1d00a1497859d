import { Button, Select } from '@mantine/core'
import { Link, useSearchParams } from 'react-router'
import { duration, when } from '@/parts/format'
import { Name } from '@/parts/Name'
import { Progress } from '@/parts/Progress'
import { StateLabel } from '@/parts/StateLabel'
import { stageNow } from '@/parts/stages'
import { type Job, useFreshest, type useJobList } from './useJobs'

const STATES = [
  { value: '', label: 'All states' },
  { value: 'running', label: 'Running' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'succeeded', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
]

export function JobList({ list, shown }: { list: ReturnType<typeof useJobList>; shown: string | undefined }) {
  const [search, setSearch] = useSearchParams()
  const filter = (state: string | null) => {
    const next = new URLSearchParams(search)
    if (state === null || state === '') next.delete('state')
    else next.set('state', state)
    setSearch(next, { replace: true })
  }
  return (
    <section className="jobs-list" aria-label="All jobs">
      <div className="row jobs-head">
        <h1 className="grow">Jobs</h1>
        <Select
          aria-label="State"
          data={STATES}
          value={list.state ?? ''}
          onChange={filter}
          allowDeselect={false}
          w={130}
        />
      </div>
      <div className="scroll-y">
        {list.jobs.map((job) => (
          <JobLine key={job.id} job={job} chosen={job.id === shown} search={search.toString()} />
        ))}
        {list.jobs.length === 0 && !list.isPending && (
          <p className="m3 jobs-none">No job is in this state.</p>
        )}
        {list.hasNextPage && (
          <div className="jobs-more">
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Older jobs
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

function JobLine({ job: listed, chosen, search }: { job: Job; chosen: boolean; search: string }) {
  const job = useFreshest(listed)
  const running = job.state === 'running'
  return (
    <Link
      to={{ pathname: `/jobs/${job.id}`, search }}
      className={`job-line ${chosen ? 'on' : ''}`}
      aria-current={chosen ? 'true' : undefined}
    >
      <span className="row">
        <span className="b grow el">
          <Name text={job.title} />
        </span>
        <span className="m3 s12 nowrap">{when(job.created_at)}</span>
      </span>
      {running ? (
        <Progress stage={stageNow(job.stage)} done={job.done} total={job.total} left={job.seconds_left} />
      ) : (
        <span className="row s12 m2">
          <StateLabel state={job.state} /> <span className="el">{outcome(job)}</span>
        </span>
      )}
    </Link>
  )
}

/** What stands behind the state: how long it took, or why it failed. */
function outcome(job: Job): string {
  if (job.state === 'failed') return job.error?.message ?? ''
  if (job.state === 'succeeded' && job.finished_at !== null && job.started_at !== null) {
    return `in ${duration(job.finished_at - job.started_at)}`
  }
  return ''
}
