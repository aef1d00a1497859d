import { type Filters, FIELDS } from './filters'
import type { Hidden } from './overlays'
import { withHidden } from './overlays'

/** Where a picture opens: the viewer walks through the same list, and draws the same labels. */
export function viewerAddress(
  dataset: string,
  key: string,
  filters: Filters,
  hidden: Hidden,
  oldVersion: number | null,
): string {
  const asked = new URLSearchParams()
  if (oldVersion !== null) asked.set('version', String(oldVersion))
  for (const field of FIELDS) for (const value of filters.values[field]) asked.append(field, value)
  if (filters.search !== '') asked.set('search', filters.search)
  const address = withHidden(asked, hidden)
  address.set('item', key)
  return `/datasets/${encodeURIComponent(dataset)}/view?${address.toString()}`
}
