import type { Schemas } from '@/api/client'

export type DatasetRow = Schemas['DatasetRow']

/** The facets of the list, in the order of the page. */
export const FACETS = ['modality', 'task', 'state', 'tag'] as const
export type FacetName = (typeof FACETS)[number]

export const SORTS = [
  { value: 'created', label: 'Newest first' },
  { value: '-created', label: 'Oldest first' },
  { value: 'name', label: 'Name' },
  { value: '-items', label: 'Most items' },
  { value: '-studies', label: 'Most studies' },
  { value: '-bytes', label: 'Largest' },
] as const
export type Sort = (typeof SORTS)[number]['value']

export interface Filters {
  search: string
  annotated: boolean
  chosen: Record<FacetName, string[]>
}

/** The filters that an address carries. */
export function filtersIn(parameters: URLSearchParams): Filters {
  return {
    search: parameters.get('search') ?? '',
    annotated: parameters.get('annotated') === 'true',
    chosen: {
      modality: parameters.getAll('modality'),
      task: parameters.getAll('task'),
      state: parameters.getAll('state'),
      tag: parameters.getAll('tag'),
    },
  }
}

/** The order that an address asks for; newest first when it asks for none that there is. */
export function sortIn(parameters: URLSearchParams): Sort {
  const asked = parameters.get('sort')
  return SORTS.find((sort) => sort.value === asked)?.value ?? 'created'
}

export function isFiltered(filters: Filters): boolean {
  return filters.search !== '' || filters.annotated || FACETS.some((name) => filters.chosen[name].length > 0)
}

/** The address with a value of a facet put in or taken out. */
export function toggled(parameters: URLSearchParams, name: FacetName, value: string): URLSearchParams {
  const next = new URLSearchParams(parameters)
  const values = next.getAll(name)
  next.delete(name)
  const others = values.filter((each) => each !== value)
  for (const each of others.length === values.length ? [...values, value] : others) next.append(name, each)
  return next
}

/** The filters as the API takes them; absent where they ask for nothing. */
export function queryOf(filters: Filters) {
  const list = (values: string[]) => (values.length === 0 ? undefined : values)
  return {
    search: filters.search === '' ? undefined : filters.search,
    annotated: filters.annotated ? true : undefined,
    modality: list(filters.chosen.modality) as Schemas['Modality'][] | undefined,
    task: list(filters.chosen.task) as Schemas['Task'][] | undefined,
    state: list(filters.chosen.state) as Schemas['State'][] | undefined,
    tag: list(filters.chosen.tag),
  }
}
