import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconArrowRight, IconX } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { ApiError } from '@/api/errors'
import { Faulty, NothingHere, Note } from '@/parts/Messages'
import { Steps } from '@/pages/add/Steps'
import '@/pages/add/add.css'
import '../tunes.css'
import { STEP_WORDS, STEPS } from './draft'
import { DataStep } from './DataStep'
import { ParametersStep } from './ParametersStep'
import { ReviewStep } from './ReviewStep'
import { SetUpStep } from './SetUpStep'
import { type NewTune, useNewTune } from './useNewTune'

/** Create New Tune: what is trained, on what, how; saved as a draft. */
export default function NewTunePage() {
  useDocumentTitle('Create new tune – Triptych')
  const { tune, error, retry, isMissing } = useNewTune()
  if (isMissing || (error instanceof ApiError && error.status === 404)) return <NothingHere what="dataset" />
  if (error !== null) return <Faulty error={error} retry={retry} />
  if (tune === null) return <div aria-busy="true" />
  return <Wizard tune={tune} />
}

function Wizard({ tune }: { tune: NewTune }) {
  const navigate = useNavigate()
  const leave = () => void navigate(`/datasets/${encodeURIComponent(tune.show.name)}`)
  return (
    <div className="wizard">
      <div className="row wizard-head">
        <h1 className="nowrap">Create new tune</h1>
        <span className="grow" />
        <Steps steps={STEPS} words={STEP_WORDS} at={tune.step} go={tune.go} />
        <Tooltip label="Leave; nothing is saved">
          <ActionIcon className="wizard-close" aria-label="Leave the form" onClick={leave}>
            <IconX size={16} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className="scroll-y">{tune.whyNot === null ? <Body tune={tune} /> : <WhyNot tune={tune} />}</div>
      <Foot tune={tune} leave={leave} />
    </div>
  )
}

function Body({ tune }: { tune: NewTune }) {
  if (tune.step === 'setup') return <SetUpStep tune={tune} />
  if (tune.step === 'data') return <DataStep tune={tune} />
  return tune.step === 'parameters' ? <ParametersStep tune={tune} /> : <ReviewStep tune={tune} />
}

/** Why no tune can be made of the dataset. */
function WhyNot({ tune: { whyNot, show } }: { tune: NewTune }) {
  return (
    <div className="wizard-one">
      <Note kind="warn">
        <b>{whyNot}</b> <Link to={`/datasets/${encodeURIComponent(show.name)}`}>Back to the dataset.</Link>
      </Note>
    </div>
  )
}

function Foot({ tune, leave }: { tune: NewTune; leave: () => void }) {
  const { step, go, problem } = tune
  const at = STEPS.indexOf(step)
  const [before, next] = [STEPS[at - 1], STEPS[at + 1]]
  return (
    <footer className="foot wizard-foot">
      {before !== undefined && <Button onClick={() => go(before)}>Back</Button>}
      <span className="m3 s12 grow wizard-kept">Nothing is saved before you press Create tune.</span>
      <Button variant="subtle" color="gray" onClick={leave}>
        Cancel
      </Button>
      {tune.whyNot === null && (
        <Tooltip label={problem} disabled={problem === null} openDelay={0}>
          {next === undefined ? (
            <Button
              key="create"
              variant="filled"
              loading={tune.creating.isPending}
              disabled={problem !== null}
              onClick={({ detail }) => {
                // A double click on the button before it, which stood here, creates nothing.
                if (detail < 2) tune.creating.mutate()
              }}
            >
              Create tune
            </Button>
          ) : (
            <Button
              variant="filled"
              disabled={problem !== null}
              rightSection={<IconArrowRight size={14} stroke={1.7} aria-hidden />}
              onClick={() => go(next)}
            >
              Continue to {STEP_WORDS[next].toLowerCase()}
            </Button>
          )}
        </Tooltip>
      )}
    </footer>
  )
}
