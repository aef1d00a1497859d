import { Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Name } from '@/parts/Name'
import { fittingModels, tuneNameProblem } from './draft'
import type { NewTune } from './useNewTune'

const ORDER = ['label', 'input', 'description', 'error'] as const
const LONGEST_TEXT = 4000

/** What the tune is called, its template and the model that it begins with. */
export function SetUpStep({ tune }: { tune: NewTune }) {
  const { draft, change, templates, template, models, model, show, recipe } = tune
  const [isLeft, setLeft] = useState(draft.name !== '')
  return (
    <div className="wizard-one">
      <section className="card" aria-label="Set up">
        <header>
          <h2>Set up</h2>
        </header>
        <div className="pad col wizard-fields">
          <TextInput
            label="Tune name"
            description="4 to 30 small letters, digits and hyphens."
            inputWrapperOrder={[...ORDER]}
            spellCheck={false}
            autoComplete="off"
            maxLength={60}
            value={draft.name}
            error={isLeft ? tuneNameProblem(draft.name) : null}
            onBlur={() => setLeft(true)}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Textarea
            label="Description"
            description="What it is for, in a few words."
            inputWrapperOrder={[...ORDER]}
            dir="auto"
            autosize
            minRows={2}
            maxRows={8}
            maxLength={LONGEST_TEXT}
            value={draft.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
          <div className="field">
            <span className="tune-label">Task and dataset</span>
            <div className="row wrap tune-given">
              <span className="chip">{recipe.purpose}</span>
              <Name text={show.display_name} />
              <span className="m3">version {show.version}</span>
            </div>
          </div>
          <Select
            label="Config template"
            description={template?.description}
            inputWrapperOrder={[...ORDER]}
            data={templates.map(({ id, title }) => ({ value: id, label: title }))}
            value={draft.template}
            allowDeselect={false}
            onChange={(id) => {
              const chosen = templates.find((each) => each.id === id)
              const stays = fittingModels(models, chosen).some((each) => each.id === draft.baseModel)
              change({ template: id, baseModel: stays ? draft.baseModel : null, typed: {} })
            }}
          />
          <Select
            label="Base model"
            description={model === undefined ? '' : modelText(model)}
            inputWrapperOrder={[...ORDER]}
            searchable
            data={models.map(({ id, title }) => ({ value: id, label: title }))}
            value={draft.baseModel}
            allowDeselect={false}
            onChange={(baseModel) => change({ baseModel })}
          />
        </div>
      </section>
    </div>
  )
}

function modelText(model: NonNullable<NewTune['model']>): string {
  const facts = [
    model.weights,
    `${model.image_size} px`,
    model.patch_size === null ? '' : `patches of ${model.patch_size} px`,
    model.bands.length > 0 ? `bands ${model.bands.join(', ')}` : '',
    model.modalities === null ? '' : `modalities ${Object.keys(model.modalities).join(', ')}`,
  ]
  return facts.filter(Boolean).join(' · ')
}
