import { Button, Modal, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { PlaceList } from './FindingsList'
import { count, plural } from './format'
import { ProblemNote } from './Messages'
import { Name } from './Name'
import { type Decision, type RejectedFile, useDecision } from './useDecision'

interface DecisionDialogProps {
  /** The dataset's name. */
  dataset: string
  opened: boolean
  close: () => void
  /** After it was kept or discarded. */
  decided?: (how: 'kept' | 'discarded') => void
}

/** Some files were rejected and nothing is published yet: keep the rest, discard all, or decide later. */
export function DecisionDialog({ dataset, opened, close, decided }: DecisionDialogProps) {
  const decision = useDecision(dataset, opened, (how) => {
    close()
    decided?.(how)
  })
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={titleOf(decision)}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Body dataset={dataset} decision={decision} />
      <ProblemNote error={decision.error} />
      <div className="row decision-foot">
        <Button
          className="danger"
          loading={decision.discarding}
          disabled={decision.keeping}
          onClick={decision.discard}
        >
          Discard the dataset
        </Button>
        <span className="grow" />
        <Button onClick={close}>Decide later</Button>
        <Button
          variant="filled"
          data-autofocus
          loading={decision.keeping}
          disabled={decision.facts === undefined || decision.discarding}
          onClick={decision.keep}
        >
          {decision.facts === undefined ? 'Keep the rest' : `Keep ${pictures(decision.facts.ready)}`}
        </Button>
      </div>
    </Modal>
  )
}

function titleOf({ facts }: Decision): string {
  if (facts === undefined) return 'Some files were rejected. Keep the rest?'
  const { ready, rejected } = facts
  return `${count(ready)} of ${pictures(ready + rejected)} ${ready === 1 ? 'is' : 'are'} ready. Keep ${ready === 1 ? 'it' : 'them'}?`
}

function pictures(number: number): string {
  return plural(number, 'picture', 'pictures')
}

function Body({ dataset, decision }: { dataset: string; decision: Decision }): ReactNode {
  const { facts, files } = decision
  if (facts === undefined || files === undefined) {
    return decision.error === null ? <Skeleton height={72} /> : null
  }
  return (
    <>
      <div className="m2 row decision-text">
        <span className="nowrap">{plural(facts.rejected, 'file', 'files')} of</span>
        <Name text={facts.title === '' ? dataset : facts.title} />
        <span className="nowrap">{facts.rejected === 1 ? 'was rejected:' : 'were rejected:'}</span>
      </div>
      <div className="decision-files">
        <PlaceList places={files.map(placeOf)} total={facts.rejected} />
      </div>
    </>
  )
}

function placeOf(member: RejectedFile) {
  return { where: member.path, why: member.reason }
}
