import { number } from '@/parts/recipe/recipe'
import type { BaseModel, Field, Template, Values } from '../types'

/** What a person has entered of a new tune. Parameters are texts while they are typed, by group and name. */
export interface TuneDraft {
  name: string
  description: string
  template: string | null
  baseModel: string | null
  /** Only what differs from the template. */
  typed: Record<string, Record<string, string | boolean>>
}

export const BLANK: TuneDraft = { name: '', description: '', template: null, baseModel: null, typed: {} }

export const STEPS = ['setup', 'data', 'parameters', 'review'] as const
export type Step = (typeof STEPS)[number]

export const STEP_WORDS: Record<Step, string> = {
  setup: 'Set up',
  data: 'Training data',
  parameters: 'Parameters',
  review: 'Review',
}

export function tuneNameProblem(name: string): string | null {
  if (name === '') return 'A tune needs a name.'
  if (!/^[a-z0-9-]*$/.test(name)) return 'Small letters, digits and hyphens only.'
  if (name.length < 4) return 'A name has 4 letters at least.'
  return name.length > 30 ? 'A name has 30 letters at most.' : null
}

/** Templates that go with a dataset: of its purpose, and for as many data sources as it has. */
export function fittingTemplates(
  templates: readonly Template[],
  purpose: string,
  sources: number,
): Template[] {
  return templates.filter(
    (each) => each.purposes.includes(purpose) && each.least <= sources && sources <= each.most,
  )
}

export function fittingModels(models: readonly BaseModel[], template: Template | undefined): BaseModel[] {
  return models.filter((each) => template?.model_categories.includes(each.model_category) === true)
}

/** Why the value of a field cannot be used; null where it can. */
export function fieldProblem(field: Field, typed: string | boolean): string | null {
  if (typeof typed === 'boolean') return null
  if (field.kind === 'choice') return field.choices.includes(typed) ? null : 'Choose one of the list.'
  if (field.kind === 'text') return null
  const value = number(typed)
  if (value === null) return 'A number.'
  if (field.kind === 'integer' && !Number.isInteger(value)) return 'A whole number.'
  const { least, most } = field
  if ((least !== null && value < least) || (most !== null && value > most)) {
    if (most === null) return `${least} or more.`
    return least === null ? `${most} or less.` : `From ${least} to ${most}.`
  }
  return null
}

/** What a field shows: what was typed, else the template's default. */
export function shownValue(field: Field, typed: string | boolean | undefined): string | boolean {
  if (typed !== undefined) return typed
  if (field.kind === 'boolean') return field.standard === true
  return typeof field.standard === 'number' || typeof field.standard === 'string'
    ? String(field.standard)
    : ''
}

export function valueOf(field: Field, typed: string | boolean): unknown {
  if (typeof typed === 'boolean' || field.kind === 'choice' || field.kind === 'text') return typed
  return number(typed)
}

/** The draft with a value typed; one that is the template's is not kept. */
export function withTyped(draft: TuneDraft, group: string, field: Field, value: string | boolean): TuneDraft {
  const others = Object.entries(draft.typed[group] ?? {}).filter(([name]) => name !== field.name)
  const isStandard = valueOf(field, value) === field.standard && fieldProblem(field, value) === null
  const values = isStandard ? others : [...others, [field.name, value] as const]
  return { ...draft, typed: { ...draft.typed, [group]: Object.fromEntries(values) } }
}

/** The parameters as the server takes them: what differs, without empty groups, of fields that the template has. */
export function parametersOf({ typed }: TuneDraft, template: Template): Values {
  const groups = [...template.groups].map(([name, group]): [string, Record<string, unknown>] => {
    const own = typed[name] ?? {}
    const values = group.fields.flatMap((field): [string, unknown][] => {
      const value = own[field.name]
      return value === undefined ? [] : [[field.name, valueOf(field, value)]]
    })
    return [name, Object.fromEntries(values)]
  })
  return Object.fromEntries(groups.filter(([, values]) => Object.keys(values).length > 0))
}

/** The first parameter that cannot be used, in words; null when all can. */
export function parametersProblem({ typed }: TuneDraft, template: Template | undefined): string | null {
  for (const [name, group] of template?.groups ?? []) {
    for (const field of group.fields) {
      const value = typed[name]?.[field.name]
      const problem = value === undefined ? null : fieldProblem(field, value)
      if (problem !== null) return `${group.title}, ${field.title}: ${problem}`
    }
  }
  return null
}

export function setupProblem(
  draft: TuneDraft,
  template: Template | undefined,
  models: BaseModel[],
): string | null {
  return (
    tuneNameProblem(draft.name) ??
    (draft.description.trim() === '' ? 'Say in a few words what the tune is for.' : null) ??
    (template === undefined ? 'Choose a template.' : null) ??
    (models.some(({ id }) => id === draft.baseModel) ? null : 'Choose a base model.')
  )
}
