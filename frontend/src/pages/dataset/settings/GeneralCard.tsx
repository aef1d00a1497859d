import { SegmentedControl, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Markdown } from '@/parts/Markdown'
import { useDataset } from '../useDataset'
import type { DraftHere } from './useDraft'

interface GeneralCardProps {
  draft: DraftHere
  mayEdit: boolean
}

const ORDER = ['label', 'input', 'description', 'error'] as const
const LONGEST_NAME = 1000
const LONGEST_TEXT = 100_000
const MOST_TAGS = 100

/** Name, display name, description and tags. */
export function GeneralCard({ draft: { draft, set }, mayEdit }: GeneralCardProps) {
  const { show } = useDataset()
  return (
    <section className="card" aria-label="General">
      <header>
        <h3 className="card-title">General</h3>
      </header>
      <div className="pad col settings-fields">
        <TextInput
          label="Name"
          description="The name of the zip or folder that it came from. It stays: paths, exports and training code use it."
          inputWrapperOrder={[...ORDER]}
          classNames={{ input: 'mono settings-name' }}
          readOnly
          dir="auto"
          value={show.name}
        />
        <TextInput
          label="Display name"
          description="What people see. Empty: the name."
          inputWrapperOrder={[...ORDER]}
          readOnly={!mayEdit}
          dir="auto"
          maxLength={LONGEST_NAME}
          placeholder={show.name}
          value={draft.displayName}
          onChange={(event) => set({ displayName: event.currentTarget.value })}
        />
        <Description text={draft.description} set={(description) => set({ description })} mayEdit={mayEdit} />
        <TagsInput
          label="Tags"
          description={mayEdit ? 'Press Enter after each.' : ''}
          inputWrapperOrder={[...ORDER]}
          readOnly={!mayEdit}
          maxTags={MOST_TAGS}
          clearable={false}
          value={draft.tags}
          onChange={(tags) => set({ tags })}
        />
      </div>
    </section>
  )
}

interface DescriptionProps {
  text: string
  set: (text: string) => void
  mayEdit: boolean
}

function Description({ text, set, mayEdit }: DescriptionProps) {
  const [view, setView] = useState(mayEdit && text === '' ? 'write' : 'read')
  const isWritten = mayEdit && view === 'write'
  return (
    <div className="field">
      <div className="row">
        {/* The label of the field, where there is one. */}
        {isWritten ? (
          <label htmlFor="description" className="settings-label">
            Description
          </label>
        ) : (
          <span className="settings-label">Description</span>
        )}
        {mayEdit && (
          <SegmentedControl
            className="small-seg right"
            aria-label="Description"
            data={[
              { value: 'write', label: 'Write' },
              { value: 'read', label: 'Read' },
            ]}
            value={view}
            onChange={setView}
          />
        )}
      </div>
      {isWritten ? (
        <Textarea
          id="description"
          dir="auto"
          autosize
          minRows={6}
          maxRows={24}
          maxLength={LONGEST_TEXT}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <div className="settings-description">
          {text.trim() === '' ? <span className="m3">No description</span> : <Markdown text={text} />}
        </div>
      )}
      <div className="hint">
        Where it comes from, what it is for. Markdown is drawn: headings, lists, links to the web.
      </div>
    </div>
  )
}
