import { type Filters, NO_FILTERS, withFilters } from './items/model/filters'
import type { DatasetHere } from './useDataset'

type At = Pick<DatasetHere, 'name' | 'isOld' | 'version'>

/** The Items tab of the version that is shown, with something asked of its items. */
export function itemsAddress(at: At, asked: Partial<Filters['values']>): string {
  const filters = { ...NO_FILTERS, values: { ...NO_FILTERS.values, ...asked } }
  return tabAddress(at, 'items', withFilters(new URLSearchParams(), filters))
}

/** A tab of the version that is shown. */
export function tabAddress(at: At, tab: string, asked = new URLSearchParams()): string {
  const query = new URLSearchParams(asked)
  if (at.isOld) query.set('version', String(at.version))
  const text = query.toString()
  return `/datasets/${encodeURIComponent(at.name)}/${tab}${text === '' ? '' : `?${text}`}`
}

/** The thumbnail of a file, where a document gives only its hash. */
export function thumbnailAddress(dataset: string, sha256: string, size: 160 | 512): string {
  return `/api/v1/datasets/${encodeURIComponent(dataset)}/thumbnails/${sha256}?size=${size}`
}
