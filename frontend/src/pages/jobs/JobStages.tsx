import { IconAlertCircle, IconBan, IconCircle, IconCircleCheck, IconCircleDotted } from '@tabler/icons-react'
import { count, secondsLeft } from '@/parts/format'
import { stagesOf, stageStep } from '@/parts/stages'
import { stepStates, type StepState } from './steps'
import type { Job } from './useJobs'

const ICONS = {
  done: { icon: IconCircleCheck, className: 'good', word: 'done' },
  now: { icon: IconCircleDotted, className: 'acc', word: 'at work' },
  failed: { icon: IconAlertCircle, className: 'bad', word: 'failed' },
  stopped: { icon: IconBan, className: 'm2', word: 'stopped' },
  ahead: { icon: IconCircle, className: 'm3', word: 'still to come' },
} as const

/** The stages of a job as a strip: what is done, where it is or stopped, what is to come. */
export function JobStages({ job }: { job: Job }) {
  const stages = stagesOf(job.kind, job.stage)
  const states = stepStates(stages, job)
  return (
    <ol className="job-stages">
      {stages.map((stage, index) => (
        <StageStep key={stage} name={stageStep(stage)} state={states[index] ?? 'ahead'} job={job} />
      ))}
    </ol>
  )
}

function StageStep({ name, state, job }: { name: string; state: StepState; job: Job }) {
  const { icon: Icon, className, word } = ICONS[state]
  const isHere = state === 'now' || state === 'failed' || state === 'stopped'
  return (
    <li className={`job-stage ${state}`}>
      <span className={`row ${className}`}>
        <Icon size={16} stroke={1.7} aria-hidden />
        <span className="b el">{name}</span>
        <span className="visually-hidden">{word}</span>
      </span>
      <span className="m3 s12 num-tab">
        {isHere && job.total !== null && job.total > 0 ? `${count(job.done)} of ${count(job.total)}` : ''}
        {state === 'now' && job.seconds_left !== null ? `, ${secondsLeft(job.seconds_left)}` : ''}
        &nbsp;
      </span>
    </li>
  )
}
