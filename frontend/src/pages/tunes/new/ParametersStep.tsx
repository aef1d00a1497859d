import { Select, Switch, Tabs, TextInput } from '@mantine/core'
import type { Field, Group } from '../types'
import { fieldProblem, shownValue, withTyped } from './draft'
import type { NewTune } from './useNewTune'

const ORDER = ['label', 'input', 'description', 'error'] as const

/** The parameters of the template in its tabs; what is not changed stays as the template has it. */
export function ParametersStep({ tune }: { tune: NewTune }) {
  const { template } = tune
  if (template === undefined) return null
  return (
    <div className="wizard-one tune-wide">
      <section className="card" aria-label="Parameters">
        <header>
          <h2>Parameters</h2>
          <span className="m3">As the template has them, unless you change them</span>
        </header>
        <div className="pad">
          <Tabs key={template.id} defaultValue={template.tabs[0]?.id ?? ''}>
            <Tabs.List>
              {template.tabs.map((tab) => (
                <Tabs.Tab key={tab.id} value={tab.id}>
                  {tab.title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {template.tabs.map((tab) => (
              <Tabs.Panel key={tab.id} value={tab.id} pt="md">
                {tab.groups.map((name) => {
                  const group = template.groups.get(name)
                  return group === undefined ? null : (
                    <GroupFields key={name} name={name} group={group} tune={tune} />
                  )
                })}
              </Tabs.Panel>
            ))}
          </Tabs>
        </div>
      </section>
    </div>
  )
}

function GroupFields({ name, group, tune }: { name: string; group: Group; tune: NewTune }) {
  return (
    <fieldset className="tune-group">
      <legend className="b">{group.title}</legend>
      <div className="tune-fields">
        {group.fields.map((field) => (
          <Parameter key={field.name} group={name} field={field} tune={tune} />
        ))}
      </div>
    </fieldset>
  )
}

function Parameter({ group, field, tune }: { group: string; field: Field; tune: NewTune }) {
  const { draft, change } = tune
  const typed = draft.typed[group]?.[field.name]
  const value = shownValue(field, typed)
  const set = (next: string | boolean) => change(withTyped(draft, group, field, next))
  const shared = {
    label: field.title,
    description: field.description,
    inputWrapperOrder: [...ORDER],
    error: typed === undefined ? null : fieldProblem(field, typed),
    className: typed === undefined ? '' : 'tune-changed',
  }
  if (typeof value === 'boolean') {
    return (
      <div className={`tune-switch ${shared.className}`}>
        <Switch
          label={field.title}
          description={field.description}
          checked={value}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      </div>
    )
  }
  if (field.kind === 'choice') {
    return (
      <Select
        {...shared}
        data={field.choices}
        value={value}
        allowDeselect={false}
        onChange={(chosen) => chosen !== null && set(chosen)}
      />
    )
  }
  return (
    <TextInput
      {...shared}
      inputMode={field.kind === 'text' ? 'text' : 'decimal'}
      value={value}
      onChange={(event) =>
        set(field.kind === 'text' ? event.currentTarget.value : event.currentTarget.value.replace(',', '.'))
      }
    />
  )
}
