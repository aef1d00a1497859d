import { Button } from '@mantine/core'
import { ApiError, problemOf } from '@/api/errors'
import { FindingsList } from '@/parts/FindingsList'
import { Note } from '@/parts/Messages'
import { formatWord } from '@/parts/words'
import type { Wizard } from '../useWizard'
import { withOption } from './choices'
import { GoUnchecked } from './GoUnchecked'
import { Refusal } from './WhatItIs'

/** Why nothing can be made of the source, and the ways on. */
export function RefusedCheck({ wizard, error }: { wizard: Wizard; error: unknown }) {
  const { draft, change, check, go } = wizard
  const problem = problemOf(error)
  const reasons = problem.findings.filter(({ code }) => code === 'format_refused')
  const others = problem.findings.filter(({ code }) => code !== 'format_refused')
  const isRefusal = error instanceof ApiError && error.status < 500
  const wished = draft.format !== null || Object.keys(draft.options).length > 0
  return (
    <>
      <Note kind="bad" role="alert">
        <b>{problem.message}</b> {problem.hint}
      </Note>
      <div className="row wrap">
        {problem.code === 'labels_unreadable' && (
          <Button onClick={() => change({ options: withOption(draft.options, 'labels', 'ignore') })}>
            Import the pictures alone
          </Button>
        )}
        {wished && (
          <Button onClick={() => change({ format: null, options: {}, form: null })}>
            Check it as proposed again
          </Button>
        )}
        {reasons.length === 0 && <GoUnchecked wizard={wizard} />}
        {isRefusal ? (
          <Button onClick={() => go('source')}>Choose another source</Button>
        ) : (
          <Button onClick={check.retry}>Try again</Button>
        )}
      </div>
      <FindingsList findings={others} />
      {reasons.length > 0 && (
        <section className="card" aria-label="What it could have been">
          <header>
            <h2>What it could have been</h2>
          </header>
          <div className="pad formats">
            {reasons.map((reason) => (
              <Refusal
                key={reason.subject}
                title={formatWord(reason.subject)}
                why={reason.message.replace(`${reason.subject}: `, '')}
                hint={reason.hint}
              />
            ))}
          </div>
        </section>
      )}
    </>
  )
}
