import { plural } from '@/parts/format'
import type { Template, Values } from './types'

interface SettingsTableProps {
  template: Template
  settings: Values
  /** What differs from the template. */
  changed: Values
}

/** All parameters of a tune by group; what was changed stands out. */
export function SettingsTable({ template, settings, changed }: SettingsTableProps) {
  const number = Object.values(changed).reduce((sum, group) => sum + Object.keys(group).length, 0)
  return (
    <section className="card" aria-label="Parameters">
      <header>
        <h2 className="card-title">Parameters</h2>
        <span className="m3 right">
          {number === 0 ? 'as the template has them' : `${plural(number, 'change')} to the template`}
        </span>
      </header>
      <div className="pad tune-groups">
        {[...template.groups].map(([name, group]) => (
          <div key={name}>
            <h3 className="tune-label">{group.title}</h3>
            <dl className="kv tune-values">
              {group.fields.map((field) => (
                <Line
                  key={field.name}
                  title={field.title}
                  value={settings[name]?.[field.name]}
                  isChanged={changed[name]?.[field.name] !== undefined}
                />
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  )
}

function Line({ title, value, isChanged }: { title: string; value: unknown; isChanged: boolean }) {
  return (
    <>
      <dt>{title}</dt>
      <dd className={isChanged ? 'b' : ''}>
        {written(value)}
        {isChanged && <span className="m3 s11"> changed</span>}
      </dd>
    </>
  )
}

function written(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '–'
}
