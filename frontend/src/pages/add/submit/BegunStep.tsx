import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { ApiError, type Problem } from '@/api/errors'
import { DecisionDialog } from '@/parts/DecisionDialog'
import { FindingsList } from '@/parts/FindingsList'
import { count, plural } from '@/parts/format'
import { Faulty, Note, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { Progress } from '@/parts/Progress'
import { stageNow } from '@/parts/stages'
import { toast } from '@/parts/toast'
import { itemsText } from '@/parts/words'
import type { Begun } from './useBegun'
import { useBegun } from './useBegun'

/** The dataset while it is made: its progress, the decision where one is needed, and where it leads. */
export function BegunStep({ dataset, job }: { dataset: string; job: string }) {
  const begun = useBegun(dataset, job)
  useOpenWhenReady(dataset, job, begun)
  if (begun.error !== null) return <Faulty error={begun.error} retry={begun.retry} />
  return (
    <div className="wizard-one" aria-busy={begun.phase === 'running'}>
      <section className="card" aria-label="Progress">
        <header>
          <h2 className="set-title">
            <Name text={begun.title} />
          </h2>
        </header>
        <div className="pad col wizard-fields">
          <State dataset={dataset} begun={begun} />
        </div>
      </section>
      {begun.problem !== null && <FindingsList findings={begun.problem.findings} />}
      <div className="row wrap">
        <Button component={Link} to={`/jobs/${job}`}>
          Look at the job
        </Button>
        <Button component={Link} to="/add">
          Add another dataset
        </Button>
      </div>
    </div>
  )
}

function State({ dataset, begun }: { dataset: string; begun: Begun }) {
  if (begun.phase === 'failed') return <Failed problem={begun.problem} />
  if (begun.phase === 'needs_decision') return <Decision dataset={dataset} rejected={begun.rejected} />
  if (begun.phase === 'cancelled') return <Note kind="warn">It was cancelled. Nothing of it is stored.</Note>
  if (begun.phase === 'ready') return <Note kind="good">It is ready.</Note>
  const { job } = begun
  return (
    <>
      <Progress
        stage={job === undefined || job.stage === '' ? 'Waiting' : stageNow(job.stage)}
        unit={(number) => (job?.total == null ? '' : count(number))}
        done={job?.done ?? 0}
        total={job?.total ?? null}
        left={job?.seconds_left ?? null}
      />
      <p className="m3 s12" role="status">
        Everything is handed over and the import has begun. You can close this page: nothing is lost, and the
        bell tells when the dataset is ready.
      </p>
    </>
  )
}

function Failed({ problem }: { problem: Problem | null }) {
  if (problem === null) return <Note kind="bad">It failed; the job says why.</Note>
  return (
    <>
      <ProblemNote error={new ApiError(0, problem)} />
      <p className="m3 s12">Nothing of it is stored, and its name is free again.</p>
    </>
  )
}

function Decision({ dataset, rejected }: { dataset: string; rejected: number }) {
  const [opened, setOpened] = useState(true)
  const navigate = useNavigate()
  return (
    <>
      <Note kind="warn">
        <b>{plural(rejected, 'file was', 'files were')} rejected.</b> Nothing is published before you decide.
      </Note>
      <div className="row">
        <Button variant="filled" onClick={() => setOpened(true)}>
          Decide
        </Button>
      </div>
      <DecisionDialog
        dataset={dataset}
        opened={opened}
        close={() => setOpened(false)}
        decided={(how) => {
          if (how === 'discarded') void navigate('/datasets')
        }}
      />
    </>
  )
}

function useOpenWhenReady(dataset: string, job: string, begun: Begun): void {
  const { phase, title, items, rejected, noticed, modality } = begun
  const navigate = useNavigate()
  useEffect(() => {
    if (phase !== 'ready') return
    toast({
      // The same as of the message that is told elsewhere: one of both is shown.
      id: `job-${job}`,
      title: `${title} is ready`,
      text: [
        itemsText(items, modality),
        rejected === 0 ? '' : `${count(rejected)} rejected`,
        noticed === 0 ? '' : `${plural(noticed, 'warning')}, as its log says`,
      ]
        .filter(Boolean)
        .join(', '),
      ...(noticed === 0 ? {} : { action: { label: 'Look', run: () => void navigate(`/jobs/${job}`) } }),
    })
    void navigate(`/datasets/${encodeURIComponent(dataset)}`, { replace: true })
    // What it says is known by the time it is ready; only that moment counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [phase, dataset])
}
