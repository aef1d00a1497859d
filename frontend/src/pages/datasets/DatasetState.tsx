import { skipToken, useQuery } from '@tanstack/react-query'
import { hasEnded, type Job } from '@/frame/live'
import { plural } from '@/parts/format'
import { Progress } from '@/parts/Progress'
import { StateLabel, StudioStatus } from '@/parts/StateLabel'
import { stageNow } from '@/parts/stages'
import type { DatasetRow } from './filters'

/** The state of a dataset; while its job runs, its progress, in the same height. */
export function DatasetState({ row }: { row: DatasetRow }) {
  const live = useQuery<Job>({ queryKey: ['live-job', row.id], queryFn: skipToken }).data
  const job = live ?? row.job
  if (job !== null && !hasEnded(job) && row.state !== 'trashed') {
    if (job.state === 'waiting') {
      return (
        <span className="datasets-state">
          <StateLabel state="waiting" />
          {row.modality === 'geospatial' && <StudioStatus state="waiting" />}
        </span>
      )
    }
    return (
      <span className="datasets-progress">
        <Progress stage={stageNow(job.stage)} done={job.done} total={job.total} left={job.seconds_left} />
      </span>
    )
  }
  const why = reason(row)
  return (
    <span className="datasets-state">
      <StateLabel state={row.state} />
      {why !== '' && <span className="m3 s11 el">{why}</span>}
      {why === '' && row.modality === 'geospatial' && <StudioStatus state={row.state} />}
    </span>
  )
}

function reason(row: DatasetRow): string {
  if (row.state === 'needs_decision') return `${plural(row.rejected, 'file')} rejected`
  if (row.state === 'failed') return row.job?.error?.message ?? ''
  return ''
}
