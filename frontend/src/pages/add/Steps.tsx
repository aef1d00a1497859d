import { IconCheck } from '@tabler/icons-react'
import { Fragment } from 'react'

interface StepsProps<Step extends string> {
  steps: readonly Step[]
  /** What each is called. */
  words: Record<Step, string>
  at: Step
  /** Absent where nobody can go back any more. */
  go?: ((step: Step) => void) | undefined
}

/** Where one is in the wizard; steps that are done lead back to them. */
export function Steps<Step extends string>({ steps, words, at, go }: StepsProps<Step>) {
  const here = steps.indexOf(at)
  return (
    <nav className="steps" aria-label="Steps">
      {steps.map((step, index) => (
        <Fragment key={step}>
          {index > 0 && <hr aria-hidden />}
          {index < here && go !== undefined ? (
            <button type="button" className="plain step done" onClick={() => go(step)}>
              <Mark index={index} isDone />
              {words[step]}
            </button>
          ) : (
            <span
              className={`step ${index === here ? 'on' : index < here ? 'done' : ''}`}
              aria-current={index === here ? 'step' : undefined}
            >
              <Mark index={index} isDone={index < here} />
              {words[step]}
            </span>
          )}
        </Fragment>
      ))}
    </nav>
  )
}

function Mark({ index, isDone }: { index: number; isDone: boolean }) {
  return (
    <span className="k">
      {isDone ? <IconCheck size={14} stroke={1.7} aria-hidden /> : <span>{index + 1}</span>}
    </span>
  )
}
