import { Button, Skeleton } from '@mantine/core'
import { ApiError, problemOf } from '@/api/errors'
import { FindingsList } from '@/parts/FindingsList'
import { Note } from '@/parts/Messages'
import type { Report } from '@/uploads/report'
import { FoundCard } from '../geospatial/FoundCard'
import type { Wizard } from '../useWizard'
import { choiceOf } from './choices'
import { GoUnchecked } from './GoUnchecked'
import { RefusedCheck } from './RefusedCheck'
import { ReportMenu } from './ReportMenu'
import { SourceCard } from './SourceCard'
import { verdictOf } from './verdict'
import { WhatItIs } from './WhatItIs'
import { WillBeImported } from './WillBeImported'

/** What is in the source: the verdict, what was noticed by weight, what it is and what will come of it. */
export function CheckStep({ wizard }: { wizard: Wizard }) {
  const { check, draft, change, source, filename, go, geo } = wizard
  if (source === null) return null
  const { report } = check
  return (
    <div className="wizard-two wide">
      <div aria-busy={check.busy}>
        <CheckMain wizard={wizard} />
        {geo !== null && <FoundCard report={report} geo={geo} />}
      </div>
      <div>
        <SourceCard source={source} filename={filename} report={report} change={() => go('source')} />
        {report !== undefined && !draft.unchecked && (
          <>
            <WhatItIs
              report={report}
              isChosen={draft.format !== null}
              choose={(format) => change({ format })}
            />
            <WillBeImported report={report} />
          </>
        )}
      </div>
    </div>
  )
}

function CheckMain({ wizard }: { wizard: Wizard }) {
  const { check } = wizard
  if (wizard.draft.unchecked) return <Unchecked wizard={wizard} />
  if (check.report !== undefined) return <Findings wizard={wizard} report={check.report} />
  if (check.error !== null) {
    return check.error instanceof ApiError && check.error.status === 404 ? (
      <GoneSource go={() => wizard.go('source')} error={check.error} />
    ) : (
      <RefusedCheck wizard={wizard} error={check.error} />
    )
  }
  return <Checking wizard={wizard} />
}

function Findings({ wizard, report }: { wizard: Wizard; report: Report }) {
  const { draft, change, filename } = wizard
  const { kind, strong, rest } = verdictOf(report)
  const menu = <ReportMenu report={report} name={filename} />
  // What it is read as stands at the right, with the reasons.
  const findings = report.finding_list.filter(({ code }) => code !== 'format_chosen')
  return (
    <>
      <div className="verdict" role="status">
        <Note kind={kind}>
          <b>{strong}</b> {rest}
        </Note>
      </div>
      {findings.length === 0 ? (
        <div className="row">
          <span className="right">{menu}</span>
        </div>
      ) : (
        <FindingsList
          findings={findings}
          action={menu}
          choice={(finding) => choiceOf(finding, draft.options, (options) => change({ options }))}
        />
      )}
    </>
  )
}

function Checking({ wizard }: { wizard: Wizard }) {
  const { check, filename } = wizard
  const [strong, rest] = check.away
    ? ['The server does not answer.', 'The check goes on by itself as soon as it does.']
    : check.lacks === 'file'
      ? ['The check needs more of the file.', `Choose ${filename} again at the right; nothing is sent twice.`]
      : check.lacks === 'bytes'
        ? ['The check waits for the upload.', 'This kind of file says what is in it only from front to end.']
        : ['Checking.', 'The contents list is read, then labels and a sample of the pictures.']
  return (
    <>
      <div role="status">
        <Note kind={check.away || check.lacks === 'file' ? 'warn' : 'acc'}>
          <b>{strong}</b> {rest}
        </Note>
      </div>
      {check.lacks === null && (
        <div className="card pad-14" aria-hidden>
          <Skeleton height={14} width="30%" />
          <Skeleton height={12} width="70%" mt={14} />
          <Skeleton height={12} width="55%" mt={8} />
          <Skeleton height={12} width="62%" mt={8} />
        </div>
      )}
      <div className="row">
        <GoUnchecked wizard={wizard} />
      </div>
    </>
  )
}

function Unchecked({ wizard: { change } }: { wizard: Wizard }) {
  return (
    <Note kind="warn">
      <div className="row">
        <div className="grow">
          <b>The source is not looked into before Create.</b> What is in it is what you type.
        </div>
        <Button size="compact-sm" onClick={() => change({ unchecked: false, format: null, form: null })}>
          Check it after all
        </Button>
      </div>
    </Note>
  )
}

function GoneSource({ go, error }: { go: () => void; error: unknown }) {
  const problem = problemOf(error)
  return (
    <Note kind="warn" role="alert">
      <div className="row">
        <div className="grow">
          <b>{problem.message}</b> A dataset was made of it, it was discarded, or it expired.
        </div>
        <Button size="compact-sm" onClick={go}>
          Choose another source
        </Button>
      </div>
    </Note>
  )
}
