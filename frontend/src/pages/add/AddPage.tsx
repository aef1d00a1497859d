import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { begunAddress } from '@/uploads/useOutcomes'
import { CheckStep } from './check/CheckStep'
import { ConfigureStep } from './configure/ConfigureStep'
import { Foot } from './Foot'
import { LabelsStep } from './labels/LabelsStep'
import { SourceStep } from './source/SourceStep'
import { Steps } from './Steps'
import { STEP_WORDS, STEPS, type Step } from './steps'
import { BegunStep } from './submit/BegunStep'
import { SubmitStep } from './submit/SubmitStep'
import { useWizard, type Wizard } from './useWizard'
import './add.css'
import './geospatial/geospatial.css'

/** Add dataset: from a source to a dataset, each step told before it is taken. */
export default function AddPage() {
  const [parameters] = useSearchParams()
  const dataset = parameters.get('dataset')
  const job = parameters.get('job')
  return dataset !== null && job !== null ? <BegunPage dataset={dataset} job={job} /> : <WizardPage />
}

function BegunPage({ dataset, job }: { dataset: string; job: string }) {
  const navigate = useNavigate()
  return (
    <div className="wizard">
      <Head steps={STEPS} at="submit" leave={() => void navigate('/datasets')} />
      <div className="scroll-y">
        <BegunStep dataset={dataset} job={job} />
      </div>
    </div>
  )
}

function WizardPage() {
  const wizard = useWizard()
  useShowBegun(wizard)
  return (
    <div className="wizard">
      <Head steps={wizard.steps} at={wizard.step} go={wizard.go} leave={wizard.leave} />
      <div className="scroll-y">{stepOf(wizard)}</div>
      <Foot wizard={wizard} />
    </div>
  )
}

function stepOf(wizard: Wizard) {
  if (wizard.step === 'source') return <SourceStep wizard={wizard} />
  if (wizard.step === 'check') return <CheckStep wizard={wizard} />
  if (wizard.step === 'configure') return <ConfigureStep wizard={wizard} />
  return wizard.step === 'labels' ? <LabelsStep wizard={wizard} /> : <SubmitStep wizard={wizard} />
}

interface HeadProps {
  steps: readonly Step[]
  at: Step
  go?: (step: Step) => void
  leave: () => void
}

function Head({ steps, at, go, leave }: HeadProps) {
  return (
    <div className="row wizard-head">
      <h1 className="nowrap">Add dataset</h1>
      <span className="grow" />
      <Steps steps={steps} words={STEP_WORDS} at={at} go={go} />
      <Tooltip label="Leave; an upload goes on">
        <ActionIcon className="wizard-close" aria-label="Leave the wizard" onClick={leave}>
          <IconX size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

/** Once the dataset is there its making is shown in the wizard's place. */
function useShowBegun({ submission }: Wizard): void {
  const navigate = useNavigate()
  const begun = submission?.phase === 'begun' ? submission.begun : null
  useEffect(() => {
    if (begun === null) return
    const address =
      begun.dataset === null ? `/jobs/${begun.job.id}` : begunAddress(begun.dataset.name, begun.job.id)
    void navigate(address, { replace: true })
  }, [begun, navigate])
}
