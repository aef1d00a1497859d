import { Button, Modal, Tooltip } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { toastProblem } from '@/parts/toast'
import { itemsText } from '@/parts/words'
import { dropDraft } from '@/uploads/drafts'
import { discardUpload, useUpload } from '@/uploads/store'
import { submit, withdraw } from '@/uploads/submissions'
import { endUpload } from '@/uploads/unfinished'
import { nameProblem } from './configure/names'
import { stepAfter, stepBefore, STEP_WORDS } from './steps'
import type { Wizard } from './useWizard'

/** Back, what is kept, Cancel, and the one way on, which says what comes of it. */
export function Foot({ wizard }: { wizard: Wizard }) {
  const { step, steps, go, source } = wizard
  return (
    <footer className="foot wizard-foot">
      {step !== 'source' && <Button onClick={() => go(stepBefore(steps, step))}>Back</Button>}
      <span className="m3 s12 grow wizard-kept">{KEPT[step]}</span>
      {source === null ? (
        <Button variant="subtle" color="gray" onClick={wizard.leave}>
          Cancel
        </Button>
      ) : (
        <>
          <Cancel wizard={wizard} />
          <Onward wizard={wizard} />
        </>
      )}
    </footer>
  )
}

const KEPT: Record<Wizard['step'], string> = {
  source: 'Nothing is stored before you press Create on the last page.',
  check: 'Nothing is stored before you press Create on the last page.',
  configure: 'What you enter is kept in this browser.',
  labels: 'More labels can be added once the dataset is there.',
  submit: 'Create begins the import.',
}

function Onward({ wizard }: { wizard: Wizard }): ReactNode {
  const { step, steps, go, check, source, submission, draft, defaultName, geo, change } = wizard
  const { report } = check
  const isNamed = nameProblem(draft.name ?? defaultName) === null
  // Of a source that could not be looked into there is no report, and what is in it was typed by hand.
  const isKnown = report !== undefined || draft.unchecked
  const problem = geo?.problems.configure ?? geo?.problems.labels ?? null
  if (source === null) return null
  if (step === 'submit') {
    if (submission?.phase === 'waiting') {
      return <Button onClick={() => withdraw(source)}>Do not create it yet</Button>
    }
    return (
      <Button
        key="create"
        variant="filled"
        loading={submission?.phase === 'creating'}
        disabled={!isKnown || !isNamed || problem !== null}
        // A double click on the button before it, which stood here, is no Create.
        onClick={({ detail }) => {
          if (detail >= 2) return
          // What is shown is what is made: the recipe goes along, changed or not.
          change({ form: geo?.form ?? null })
          submit(source)
        }}
      >
        {report === undefined ? 'Create' : `Create with ${itemsText(report.counts.items, report.modality)}`}
      </Button>
    )
  }
  const next = stepAfter(steps, step)
  const words =
    step === 'check'
      ? report === undefined
        ? 'Continue'
        : `Continue with ${itemsText(report.counts.items, report.modality)}`
      : `Continue to ${STEP_WORDS[next].toLowerCase()}`
  const halt = haltOf(wizard)
  return (
    <Tooltip label={halt ?? ''} disabled={halt === null || halt === ''} openDelay={0}>
      <Button
        variant="filled"
        disabled={halt !== null || (step === 'check' && !isKnown) || (step === 'configure' && !isNamed)}
        rightSection={<IconArrowRight size={14} stroke={1.7} aria-hidden />}
        onClick={() => go(next)}
      >
        {words}
      </Button>
    </Tooltip>
  )
}

/** What has to be mended on this step before the next, as a sentence; null for nothing. */
function haltOf({ step, geo }: Wizard): string | null {
  if (geo === null || (step !== 'configure' && step !== 'labels')) return null
  return geo.problems[step]
}

function Cancel({ wizard: { source, filename, leave } }: { wizard: Wizard }) {
  const [asking, setAsking] = useState(false)
  const own = useUpload(source?.kind === 'upload' ? source.id : null)
  if (source === null) return null
  const discard = async () => {
    withdraw(source)
    dropDraft(source)
    if (own !== undefined) await discardUpload(own.key)
    else if (source.kind === 'upload') await endUpload(source.id)
  }
  if (source.kind !== 'upload') {
    return (
      <Button
        variant="subtle"
        color="gray"
        onClick={() => {
          dropDraft(source)
          leave()
        }}
      >
        Cancel
      </Button>
    )
  }
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Discard the upload?"
        size={440}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <p className="m2">
          What has arrived of <bdi>{filename}</bdi> can stay on the server for a while, to go on later under
          Add dataset.
        </p>
        <div className="row decision-foot">
          <Button
            className="danger"
            onClick={() => {
              leave()
              void discard().catch((error: unknown) => toastProblem(error))
            }}
          >
            Discard the upload
          </Button>
          <span className="grow" />
          <Button data-autofocus onClick={leave}>
            Keep it for later
          </Button>
        </div>
      </Modal>
    </>
  )
}
