import type { Job } from './useJobs'

export type StepState = 'done' | 'now' | 'failed' | 'stopped' | 'ahead'

const HERE: Record<Job['state'], StepState> = {
  waiting: 'ahead',
  running: 'now',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'stopped',
}

/** Where each stage of a job stands, in the order of the stages. */
export function stepStates(stages: readonly string[], job: Pick<Job, 'state' | 'stage'>): StepState[] {
  const at = job.state === 'succeeded' ? stages.length : Math.max(0, stages.indexOf(job.stage))
  const here = HERE[job.state]
  return stages.map((_, index) => (index < at ? 'done' : index === at ? here : 'ahead'))
}
