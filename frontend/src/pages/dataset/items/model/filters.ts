import type { operations } from '@/api/schema'

type ItemsQuery = NonNullable<operations['items_api_v1_datasets__dataset__items_get']['parameters']['query']>

/** Fields that a filter asks values of, by the names that addresses and the API use, in the order of the panel. */
export const FIELDS = [
  'class',
  'part',
  'modality',
  'body_part',
  'study',
  'series',
  'size',
  'bit_depth',
  'bands',
  'finding',
  'duplicates',
  'tag',
] as const

export type Field = (typeof FIELDS)[number]

export const FIELD_TITLES: Record<Field, string> = {
  class: 'Class',
  part: 'Split',
  modality: 'Modality',
  body_part: 'Body part',
  study: 'Study',
  series: 'Series',
  size: 'Size',
  bit_depth: 'Bit depth',
  bands: 'Bands',
  finding: 'Findings',
  duplicates: 'Duplicates',
  tag: 'Tag',
}

/** What items have to be: one of the values of each field that has some, every one of the tags, a text in the name. */
export interface Filters {
  values: Readonly<Record<Field, readonly string[]>>
  search: string
}

export function filtersIn(address: URLSearchParams): Filters {
  const values = Object.fromEntries(FIELDS.map((field) => [field, address.getAll(field)] as const)) as unknown
  return { values: values as Record<Field, string[]>, search: address.get('search') ?? '' }
}

/** Whether a text asks for a DICOM tag, as TAG:VALUE: the server knows which words are tags. */
export function isTagSearch(text: string): boolean {
  return /^\s*("[^"]+"|[\w,()]+( ?[\w)]+)?)\s*:\s*("[^"]+"|[^\s"]+)\s*$/.test(text)
}

/** Puts filters into an address; everything else in it stays, but for the place: another list has other places. */
export function withFilters(address: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(address)
  for (const field of FIELDS) {
    next.delete(field)
    for (const value of filters.values[field]) next.append(field, value)
  }
  next.delete('search')
  if (filters.search !== '') next.set('search', filters.search)
  next.delete('at')
  return next
}

export function toggled(filters: Filters, field: Field, value: string): Filters {
  const before = filters.values[field]
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value]
  return { ...filters, values: { ...filters.values, [field]: after } }
}

export function without(filters: Filters, dropped: Field | 'search'): Filters {
  if (dropped === 'search') return { ...filters, search: '' }
  return { ...filters, values: { ...filters.values, [dropped]: [] } }
}

export const NO_FILTERS: Filters = filtersIn(new URLSearchParams())

/** The fields that something is asked of, the search last. */
export function activeFields(filters: Filters): (Field | 'search')[] {
  const active: (Field | 'search')[] = FIELDS.filter((field) => filters.values[field].length > 0)
  return filters.search === '' ? active : [...active, 'search']
}

/** As the API takes it, in queries and as the `filter` of changes; fields without values are left out. */
export function queryOf(filters: Filters): ItemsQuery {
  const asked = FIELDS.filter((field) => filters.values[field].length > 0).map((field) => [
    field,
    field === 'bit_depth' ? filters.values[field].map(Number) : [...filters.values[field]],
  ])
  const query = Object.fromEntries(asked) as ItemsQuery
  return filters.search === '' ? query : { ...query, search: filters.search }
}
