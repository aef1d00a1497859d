import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { SettingsTable } from '../SettingsTable'
import { parametersOf } from './draft'
import type { NewTune } from './useNewTune'

/** All of it once more; nothing is saved before Create tune. */
export function ReviewStep({ tune }: { tune: NewTune }) {
  const { draft, template, model, show, recipe, creating } = tune
  if (template === undefined) return null
  const changed = parametersOf(draft, template)
  const settings = Object.fromEntries(
    [...template.groups].map(([name, group]) => [
      name,
      Object.fromEntries(
        group.fields.map((field) => [field.name, changed[name]?.[field.name] ?? field.standard]),
      ),
    ]),
  )
  return (
    <div className="wizard-one tune-wide">
      <ProblemNote error={creating.error} />
      <section className="card" aria-label="Review">
        <header>
          <h2>Review</h2>
        </header>
        <div className="pad">
          <dl className="kv summary">
            <dt>Tune name</dt>
            <dd>{draft.name}</dd>
            <dt>Description</dt>
            <dd>
              <bdi>{draft.description}</bdi>
            </dd>
            <dt>Task</dt>
            <dd>{recipe.purpose}</dd>
            <dt>Dataset</dt>
            <dd className="row tune-dataset">
              <Name text={show.display_name} />
              <span className="m3 nowrap">version {show.version}</span>
            </dd>
            <dt>Config template</dt>
            <dd>{template.title}</dd>
            <dt>Base model</dt>
            <dd>{model?.title}</dd>
          </dl>
        </div>
      </section>
      <SettingsTable template={template} settings={settings} changed={changed} />
    </div>
  )
}
