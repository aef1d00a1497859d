import { Button, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Note, ProblemNote } from '@/parts/Messages'
import { useCollections } from '@/parts/recipe/collections'
import { addSource, removeSource, withSource } from '@/parts/recipe/edits'
import { PURPOSE_LABELS, sceneProblem } from '@/parts/recipe/problems'
import { PURPOSES } from '@/parts/recipe/recipe'
import { AboutCard } from '../configure/AboutCard'
import type { Wizard } from '../useWizard'
import { DataSourceCard } from './DataSourceCard'
import { FoundCard } from './FoundCard'
import { PreviewCard } from './PreviewCard'
import { recognisedText } from './recognised'
import { SuffixField } from './SuffixField'
import type { Geo } from './useGeo'

interface GeoProps {
  wizard: Wizard
  geo: Geo
}

/** Which files make a chip, what their bands are, and what the dataset is for. */
export function GeoConfigure({ wizard, geo }: GeoProps) {
  const { check } = wizard
  const { form, set, ask } = geo
  const collections = useCollections(true).data ?? []
  return (
    <div className="wizard-two geo">
      <div aria-busy={check.busy}>
        <Told wizard={wizard} geo={geo} />
        {form.sources.map((source, place) => (
          <DataSourceCard
            key={source.key}
            source={source}
            place={place}
            geo={geo}
            collections={collections}
            remove={form.sources.length === 1 ? null : () => ask(removeSource(form, source.key))}
            change={(changed) => set(withSource(form, source.key, changed))}
            suffix={(suffix) => ask(withSource(form, source.key, { suffix, isEdited: false }))}
          />
        ))}
        <button type="button" className="plain geo-add" onClick={() => set(addSource(form))}>
          <IconPlus size={14} stroke={1.7} aria-hidden />
          <span className="mid">Add a data source</span>
          <span className="m3">another file per chip, such as Sentinel-1 or a height model</span>
        </button>
      </div>
      <div>
        <PreviewCard geo={geo} />
        <AboutCard wizard={wizard} isShort>
          <Purpose geo={geo} />
        </AboutCard>
        <FoundCard report={check.report} geo={geo} />
      </div>
    </div>
  )
}

/** What was recognised, what could not be looked at, or why the last check failed. */
function Told({ wizard: { check, draft, change }, geo }: GeoProps) {
  if (draft.unchecked) {
    return (
      <Note kind="warn">
        <b>The source was not looked into.</b> Say how its files end and which bands they have. What does not
        fit is reported while it is onboarded, and nothing is lost by that.
      </Note>
    )
  }
  if (check.error !== null) {
    return (
      <>
        <ProblemNote error={check.error} />
        <div className="row">
          <Button onClick={() => change({ options: {}, form: null })}>Read it as it was proposed</Button>
        </div>
      </>
    )
  }
  if (check.report === undefined) {
    return <Note kind="acc">The check is not done yet; you can fill this in meanwhile.</Note>
  }
  const [strong, rest] = recognisedText(geo.form)
  return (
    <Note kind="acc">
      <b>{strong}</b> {rest}
    </Note>
  )
}

function Purpose({ geo: { form, set, ask } }: { geo: Geo }) {
  const [isMore, setMore] = useState(form.scene !== '')
  return (
    <>
      <Select
        label="Purpose"
        description={PURPOSE_LABELS[form.purpose]}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={PURPOSES}
        value={form.purpose}
        allowDeselect={false}
        onChange={(purpose) => {
          const chosen = PURPOSES.find((each) => each === purpose)
          if (chosen !== undefined) ask({ ...form, purpose: chosen })
        }}
      />
      <SuffixField
        label="Labels end in"
        placeholder="_mask.tif"
        description={form.labelSuffix === '' ? 'Empty: the source has no rasters of labels.' : undefined}
        value={form.labelSuffix}
        set={(labelSuffix) => ask({ ...form, labelSuffix })}
      />
      {isMore ? (
        <TextInput
          label="Scenes"
          classNames={{ input: 'mono' }}
          placeholder="^([^_]+)_"
          description="A pattern whose part in parentheses names the scene of a chip. Chips of a scene stay in one part of the split."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          spellCheck={false}
          value={form.scene}
          error={sceneProblem(form.scene)}
          onChange={(event) => set({ ...form, scene: event.currentTarget.value })}
        />
      ) : (
        <button type="button" className="plain acc s12 geo-more" onClick={() => setMore(true)}>
          Keep scenes together…
        </button>
      )}
    </>
  )
}
