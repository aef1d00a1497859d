import { TagsInput, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Wizard } from '../useWizard'
import { nameProblem } from './names'
import { useNameTaken } from './useNameTaken'

const LONGEST_TEXT = 100_000
const MOST_TAGS = 100

interface AboutCardProps {
  wizard: Wizard
  /** What else is asked of this kind of data, below the name. */
  children?: ReactNode
  /** Leave what is seldom given for later: its display name and tags. */
  isShort?: boolean
}

/** What the dataset is called and what is said of it. */
export function AboutCard({ wizard, children, isShort = false }: AboutCardProps) {
  const { draft, change, defaultName } = wizard
  const [isMore, setMore] = useState(!isShort || draft.displayName !== '' || draft.tags.length > 0)
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
        {children}
        {isMore && (
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
        )}
        <Textarea
          label="Description"
          description="Where it comes from, what it is for. Markdown is drawn."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          dir="auto"
          autosize
          minRows={isShort ? 2 : 3}
          maxRows={10}
          maxLength={LONGEST_TEXT}
          value={draft.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        {isMore ? (
          <TagsInput
            label="Tags"
            description="Press Enter after each."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            maxTags={MOST_TAGS}
            value={draft.tags}
            onChange={(tags) => change({ tags })}
          />
        ) : (
          <button type="button" className="plain acc s12 geo-more" onClick={() => setMore(true)}>
            Display name and tags…
          </button>
        )}
      </div>
    </section>
  )
}
