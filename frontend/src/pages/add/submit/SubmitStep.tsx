import { Checkbox } from '@mantine/core'
import { ApiError } from '@/api/errors'
import { count, plural } from '@/parts/format'
import { Note, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { formatWord, itemsText, itemsTitle, taskWord } from '@/parts/words'
import { useUpload } from '@/uploads/store'
import { SourceCard } from '../check/SourceCard'
import { WillBeImported } from '../check/WillBeImported'
import { RecipeLines } from '../geospatial/RecipeLines'
import type { Wizard } from '../useWizard'

/** What will be made, once more in short; nothing is before Create. */
export function SubmitStep({ wizard }: { wizard: Wizard }) {
  const { source, filename, check, go, submission } = wizard
  if (source === null) return null
  const isAsked = submission?.phase === 'waiting' || submission?.phase === 'creating'
  return (
    <div className="wizard-two">
      <div>
        {submission?.phase === 'refused' && <ProblemNote error={new ApiError(0, submission.problem)} />}
        {isAsked && <Asked wizard={wizard} />}
        <Summary wizard={wizard} />
      </div>
      <div>
        <SourceCard
          source={source}
          filename={filename}
          report={check.report}
          change={isAsked ? undefined : () => go('source')}
        />
        {check.report !== undefined && <WillBeImported report={check.report} />}
      </div>
    </div>
  )
}

/** After Create, while the bytes are still on their way. */
function Asked({ wizard: { source } }: { wizard: Wizard }) {
  const upload = useUpload(source?.kind === 'upload' ? source.id : null)
  const isSending = upload !== undefined && upload.phase !== 'finished'
  return (
    <div role="status">
      <Note kind="acc">
        <b>
          {isSending
            ? 'The dataset is made as soon as the last byte is there.'
            : 'The dataset is being made.'}
        </b>{' '}
        {isSending && 'You can go to other pages meanwhile; a message tells when it goes on.'}
      </Note>
    </div>
  )
}

function Summary({ wizard: { draft, change, check, defaultName, geo } }: { wizard: Wizard }) {
  const { report } = check
  const { rejected } = report?.bins ?? { rejected: 0 }
  return (
    <section className="card" aria-label="What will be made">
      <header>
        <h2>What will be made</h2>
      </header>
      <div className="pad">
        <dl className="kv summary">
          <dt>Name</dt>
          <dd>
            <Name text={draft.name ?? defaultName} />
          </dd>
          {draft.displayName !== '' && (
            <>
              <dt>Display name</dt>
              <dd>
                <Name text={draft.displayName} />
              </dd>
            </>
          )}
          {report !== undefined && (
            <>
              <dt>Read as</dt>
              <dd>{formatWord(report.format)}</dd>
              <dt>{itemsTitle(report.modality)}</dt>
              <dd>
                {count(report.counts.items)}
                {report.counts.studies < report.counts.items &&
                  ` in ${plural(report.counts.studies, 'study', 'studies')}`}
              </dd>
              {report.annotation_sets.map((set) => (
                <SetLine key={set.name} name={set.name} task={set.task} classes={set.classes.length} />
              ))}
              {rejected > 0 && (
                <>
                  <dt>Left out</dt>
                  <dd className="bad">{plural(rejected, 'rejected file', 'rejected files')}</dd>
                </>
              )}
            </>
          )}
          {geo !== null && <RecipeLines form={geo.form} />}
          {draft.tags.length > 0 && (
            <>
              <dt>Tags</dt>
              <dd className="row wrap summary-tags">
                {draft.tags.map((tag) => (
                  <span key={tag} className="chip">
                    <bdi className="el">{tag}</bdi>
                  </span>
                ))}
              </dd>
            </>
          )}
          {report !== undefined && report.format !== 'parquet' && (
            <>
              <dt>Split</dt>
              <dd>
                60 % training, 20 % validation, 20 % test;{' '}
                {report.modality === 'geospatial'
                  ? 'chips that overlap, scenes and duplicates stay together'
                  : 'studies and duplicates stay together'}
              </dd>
            </>
          )}
        </dl>
        <div className="rule" />
        <Checkbox
          label="Publish what succeeds without asking me"
          description={
            rejected > 0
              ? `${itemsText(rejected, report?.modality)} cannot be imported. Without this you decide when the rest is read.`
              : 'Pixels are read after Create. Should files turn out damaged, you are asked, unless this is ticked.'
          }
          checked={draft.keepSucceeded}
          onChange={(event) => change({ keepSucceeded: event.currentTarget.checked })}
        />
      </div>
    </section>
  )
}

function SetLine({ name, task, classes }: { name: string; task: string; classes: number }) {
  return (
    <>
      <dt>Annotation set</dt>
      <dd>
        <bdi>{name}</bdi>, {taskWord(task).toLowerCase()}, {plural(classes, 'class', 'classes')}
      </dd>
    </>
  )
}
