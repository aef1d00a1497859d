import { Button, Modal } from '@mantine/core'
import { FindingsList } from '@/parts/FindingsList'
import { count, plural } from '@/parts/format'
import { Note, ProblemNote } from '@/parts/Messages'
import { Progress } from '@/parts/Progress'
import { stageNow } from '@/parts/stages'
import { toastProblem } from '@/parts/toast'
import { UploadProgress } from '@/uploads/UploadProgress'
import { usePublished } from '../usePublished'
import { ChooseLabels } from './ChooseLabels'
import { type Import, setsOf } from './useImport'

interface ImportDialogProps {
  opened: boolean
  close: () => void
  adding: Import
  /** Show a set that was made. */
  look: (set: string) => void
}

/** Labels from a file: chosen, sent, read, and what was noticed. It goes on while the dialog is closed. */
export function ImportDialog({ opened, close, adding, look }: ImportDialogProps) {
  const { job, phase } = adding
  const isDone = phase === 'working' && job?.state === 'succeeded'
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={isDone ? 640 : 520}
      title={isDone ? 'The labels are added' : 'Import annotations'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {phase === 'choosing' && <ChooseLabels begin={adding.begin} error={adding.error} close={close} />}
      {(phase === 'uploading' || phase === 'sending') && <Sending adding={adding} close={close} />}
      {phase === 'working' && <Working adding={adding} close={close} look={look} />}
    </Modal>
  )
}

function Sending({ adding, close }: { adding: Import; close: () => void }) {
  return (
    <div className="col dialog-form">
      {adding.upload === undefined ? (
        <Progress stage="Sending" done={0} total={null} />
      ) : (
        <UploadProgress upload={adding.upload} />
      )}
      <ProblemOf problem={adding.upload?.problem ?? null} />
      <div className="row dialog-foot">
        <Button onClick={adding.cancel}>Cancel</Button>
        <span className="grow" />
        <Button onClick={close}>Go on in the background</Button>
      </div>
    </div>
  )
}

function ProblemOf({ problem }: { problem: { message: string; hint: string } | null }) {
  if (problem === null) return null
  return (
    <Note kind="bad" role="alert">
      <b>{problem.message}</b> {problem.hint}
    </Note>
  )
}

type WorkingProps = Omit<ImportDialogProps, 'opened'>

function Working({ adding, close, look }: WorkingProps) {
  const { job } = adding
  if (job?.state === 'succeeded') return <Done adding={adding} close={close} look={look} />
  if (job?.state === 'failed' || job?.state === 'cancelled') return <Failed adding={adding} close={close} />
  return (
    <div className="col dialog-form">
      <Progress
        stage={job === undefined || job.state === 'waiting' ? 'Waiting' : stageNow(job.stage)}
        done={job?.done ?? 0}
        total={job?.total ?? null}
        left={job?.seconds_left ?? null}
      />
      <div className="row dialog-foot">
        <Button onClick={adding.cancel} disabled={job?.cancel_requested === true}>
          Cancel
        </Button>
        <span className="grow" />
        <Button onClick={close}>Go on in the background</Button>
      </div>
    </div>
  )
}

function Failed({ adding, close }: { adding: Import; close: () => void }) {
  const { job } = adding
  return (
    <div className="col dialog-form">
      <ProblemOf problem={job?.error ?? { message: 'It was cancelled.', hint: 'Nothing of it is left.' }} />
      <FindingsList findings={job?.error?.findings ?? []} />
      <div className="row dialog-foot">
        <span className="grow" />
        <Button onClick={close}>Close</Button>
        <Button variant="filled" onClick={adding.reset}>
          Choose another file
        </Button>
      </div>
    </div>
  )
}

function Done({ adding, close, look }: WorkingProps) {
  const { job, findings, before, reset } = adding
  const { revert } = usePublished()
  const sets = setsOf(job)
  const [first] = sets
  const takeBack = () => {
    revert(before)
      .then(() => {
        reset()
        close()
      })
      .catch((error: unknown) => toastProblem(error, 'It could not be undone'))
  }
  return (
    <div className="col dialog-form">
      <Note kind="good">
        Version {count(Number(job?.result?.['version']))} has{' '}
        {plural(Number(job?.result?.['labels']), 'label')} more, in{' '}
        {sets.map((set, index) => (
          <span key={set}>
            {index > 0 && ', '}
            <b>
              <bdi>{set}</bdi>
            </b>
          </span>
        ))}
        .
      </Note>
      {findings !== undefined && <FindingsList findings={findings} />}
      <div className="row dialog-foot">
        <Button onClick={takeBack}>Take it back</Button>
        <span className="grow" />
        {first !== undefined && (
          <Button
            variant="filled"
            data-autofocus
            onClick={() => {
              reset()
              look(first)
            }}
          >
            Look at the labels
          </Button>
        )}
      </div>
    </div>
  )
}

/** While the dialog is closed: how far it is, and what became of it. */
export function ImportLine({ adding, open }: { adding: Import; open: () => void }) {
  const { phase, job, upload } = adding
  if (phase === 'choosing' && adding.error === null) return null
  if (phase === 'choosing') return <ProblemNote error={adding.error} />
  const ended =
    job !== undefined && (job.state === 'failed' || job.state === 'succeeded' || job.state === 'cancelled')
  return (
    <section className="card import-line" aria-label="Import of annotations">
      <div className="grow">
        {ended ? (
          <span role="status">
            {job.state === 'succeeded'
              ? 'The labels are added.'
              : (job.error?.message ?? 'It was cancelled.')}
          </span>
        ) : phase === 'working' ? (
          <Progress stage={stageNow(job?.stage ?? '')} done={job?.done ?? 0} total={job?.total ?? null} />
        ) : (
          upload !== undefined && <UploadProgress upload={upload} bare />
        )}
      </div>
      <Button size="xs" onClick={open}>
        Show
      </Button>
    </section>
  )
}
