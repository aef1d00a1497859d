import { IconAlertCircle } from '@tabler/icons-react'
import type { Problem } from '@/api/errors'
import { FindingsList } from '@/parts/FindingsList'
import type { Job } from './useJobs'

/** What went wrong, that nothing else is harmed, and the ways out in their order. */
export function JobCause({ job, problem }: { job: Job; problem: Problem }) {
  const ways = waysOut(job, problem)
  return (
    <section className="card job-cause" aria-label="What went wrong">
      <div className="row job-cause-head">
        <IconAlertCircle size={20} stroke={1.7} className="bad" aria-hidden />
        <div className="grow">
          <h3>{problem.message}</h3>
          <p className="m2">
            {job.kind === 'onboarding' ? 'Nothing was published, and no other dataset is affected. ' : ''}
            <span className="m3 mono s11">{problem.code}</span>
          </p>
        </div>
      </div>
      <ol className="job-ways">
        {ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ol>
      {problem.findings.length > 0 && <FindingsList findings={problem.findings} />}
    </section>
  )
}

function waysOut(job: Job, problem: Problem): string[] {
  if (job.state === 'cancelled') return ['Try again: it goes on where it stopped.']
  return [problem.hint, 'Then try again: it goes on where it stopped, and nothing is read twice.'].filter(
    Boolean,
  )
}
