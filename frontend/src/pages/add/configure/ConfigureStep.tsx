import { Button, TagsInput, Textarea, TextInput } from '@mantine/core'
import { Note, ProblemNote } from '@/parts/Messages'
import { SourceCard } from '../check/SourceCard'
import { WillBeImported } from '../check/WillBeImported'
import type { Wizard } from '../useWizard'
import { nameProblem } from './names'
import { OptionsCard } from './OptionsCard'
import { useNameTaken } from './useNameTaken'

const LONGEST_TEXT = 100_000
const MOST_TAGS = 100

/** What the dataset is called and how its files are read. */
export function ConfigureStep({ wizard }: { wizard: Wizard }) {
  const { source, filename, check, draft, change, go } = wizard
  if (source === null) return null
  return (
    <div className="wizard-two">
      <div>
        <About wizard={wizard} />
        {check.error !== null && (
          <>
            <ProblemNote error={check.error} />
            <div className="row">
              <Button onClick={() => change({ options: {} })}>Read it as it was proposed</Button>
            </div>
          </>
        )}
        <OptionsCard
          report={check.report}
          options={draft.options}
          set={(options) => change({ options: { ...options } })}
        />
      </div>
      <div aria-busy={check.busy}>
        <SourceCard source={source} filename={filename} report={check.report} change={() => go('source')} />
        {check.report === undefined ? (
          check.error === null && (
            <Note kind="acc">The check is not done yet; you can fill this in meanwhile.</Note>
          )
        ) : (
          <WillBeImported report={check.report} />
        )}
      </div>
    </div>
  )
}

function About({ wizard: { draft, change, defaultName } }: { wizard: Wizard }) {
  const name = draft.name ?? defaultName
  const isGuess = draft.name === null
  const problem = nameProblem(name)
  const taken = useNameTaken(problem === null ? name : '')
  return (
    <section className="card" aria-label="About the dataset">
      <header>
        <h2>About the dataset</h2>
      </header>
      <div className="pad col wizard-fields">
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          className={isGuess ? 'guess' : ''}
          description={
            isGuess
              ? 'Taken from the file. It stays as it is once the dataset is there.'
              : 'It stays as it is once the dataset is there.'
          }
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          dir="auto"
          value={name}
          error={problem ?? (taken ? 'A dataset of that name is there already. Choose another name.' : null)}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Display name"
          description="What people see; it can be changed at any time. Empty: the name."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          dir="auto"
          maxLength={1000}
          placeholder={name}
          value={draft.displayName}
          onChange={(event) => change({ displayName: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          description="Where it comes from, what it is for. Markdown is drawn."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          dir="auto"
          autosize
          minRows={3}
          maxRows={10}
          maxLength={LONGEST_TEXT}
          value={draft.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <TagsInput
          label="Tags"
          description="Press Enter after each."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxTags={MOST_TAGS}
          value={draft.tags}
          onChange={(tags) => change({ tags })}
        />
      </div>
    </section>
  )
}
