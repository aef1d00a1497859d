import { Tooltip } from '@mantine/core'
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDotted,
  IconClock,
  IconTrash,
} from '@tabler/icons-react'

const STATES = {
  ready: { icon: IconCircleCheck, className: 'good', word: 'Ready' },
  succeeded: { icon: IconCircleCheck, className: 'good', word: 'Done' },
  onboarding: { icon: IconCircleDotted, className: 'acc', word: 'Onboarding' },
  running: { icon: IconCircleDotted, className: 'acc', word: 'Running' },
  waiting: { icon: IconClock, className: 'm2', word: 'Waiting' },
  needs_decision: { icon: IconAlertTriangle, className: 'warn', word: 'Needs a decision' },
  failed: { icon: IconAlertCircle, className: 'bad', word: 'Failed' },
  cancelled: { icon: IconBan, className: 'm2', word: 'Cancelled' },
  trashed: { icon: IconTrash, className: 'm2', word: 'In the trash' },
} as const

export type StateName = keyof typeof STATES

/** What the Geospatial Studio calls the state of a dataset; null where it has no word for it. */
const STUDIO_WORDS: Partial<Record<StateName, string>> = {
  waiting: 'Pending',
  onboarding: 'Onboarding',
  needs_decision: 'Onboarding',
  ready: 'Succeeded',
  failed: 'Failed',
}

/** The state of a geospatial dataset in the words of the Geospatial Studio, beside the product's own. */
export function StudioStatus({ state }: { state: string }) {
  const word = state in STUDIO_WORDS ? STUDIO_WORDS[state as StateName] : undefined
  if (word === undefined) return null
  return (
    <Tooltip label={`The Geospatial Studio calls this state “${word}”.`}>
      <span className="m3 s11 nowrap">{word}</span>
    </Tooltip>
  )
}

/** The word that a state is called by. */
export function stateWord(state: string): string {
  return state in STATES ? STATES[state as StateName].word : state
}

/** The state of a dataset or a job: an icon and a word, never colour alone. `stage` stands in while it runs. */
export function StateLabel({ state, stage }: { state: string; stage?: string | undefined }) {
  const known = state in STATES ? STATES[state as StateName] : null
  const Icon = known?.icon ?? IconCircleDotted
  return (
    <span className="state">
      <Icon size={14} stroke={1.7} className={known?.className ?? 'm2'} aria-hidden />
      <span className={state === 'ready' ? undefined : known?.className}>
        {stage ?? known?.word ?? state}
      </span>
    </span>
  )
}
