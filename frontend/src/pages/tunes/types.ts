import type { Schemas } from '@/api/client'
import { isObject, list, number, text } from '@/parts/recipe/recipe'

export type Tune = Schemas['TuneView']
export type BaseModel = Schemas['BaseModelView']

/** Values of a tune, by group. */
export type Values = Record<string, Record<string, unknown>>

/** A template with its JSON schema as fields of a form. */
export interface Template {
  id: string
  title: string
  description: string
  purposes: string[]
  model_categories: string[]
  least: number
  most: number
  tabs: Tab[]
  groups: Map<string, Group>
}

export interface Tab {
  id: string
  title: string
  groups: string[]
}

export interface Group {
  title: string
  fields: Field[]
}

export interface Field {
  name: string
  title: string
  description: string
  kind: 'integer' | 'number' | 'boolean' | 'choice' | 'text'
  standard: unknown
  least: number | null
  most: number | null
  choices: string[]
}

export function readTemplate(document: Schemas['TemplateDocument']): Template {
  const properties = document.schema['properties']
  const groups = isObject(properties) ? Object.entries(properties) : []
  return {
    id: document.id,
    title: document.title,
    description: document.description,
    purposes: document.purposes,
    model_categories: document.model_categories,
    least: document.sources['least'] ?? 1,
    most: document.sources['most'] ?? Infinity,
    tabs: list(document.tabs).map((tab) => ({
      id: text(tab['id']),
      title: text(tab['title']),
      groups: Array.isArray(tab['groups']) ? tab['groups'].map(text) : [],
    })),
    groups: new Map(groups.map(([name, group]) => [name, readGroup(name, group)])),
  }
}

function readGroup(name: string, document: unknown): Group {
  const schema = isObject(document) ? document : {}
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  return { title: text(schema['title']) || name, fields: properties.map(readField) }
}

function readField([name, document]: [string, unknown]): Field {
  const schema = isObject(document) ? document : {}
  const choices = Array.isArray(schema['enum']) ? schema['enum'].map(text) : []
  return {
    name,
    title: text(schema['title']) || name,
    description: text(schema['description']),
    kind: choices.length > 0 ? 'choice' : kindOf(schema['type']),
    standard: schema['default'],
    least: number(schema['minimum']),
    most: number(schema['maximum']),
    choices,
  }
}

function kindOf(type: unknown): Field['kind'] {
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'text'
}
