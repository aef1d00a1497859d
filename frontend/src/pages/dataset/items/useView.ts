import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import { useDataset } from '../useDataset'
import { type Filters, filtersIn, withFilters } from './model/filters'
import { type Hidden, hiddenIn, withHidden } from './model/overlays'
import { type ChangeAddress, useAddress } from './useAddress'
import type { Grouping } from './useGroups'

export type Kind = 'grid' | 'table' | 'map'

export interface View {
  filters: Filters
  setFilters: (filters: Filters) => void
  hidden: Hidden
  setHidden: (hidden: Hidden) => void
  kind: Kind
  setKind: (kind: Kind) => void
  grouping: Grouping
  setGrouping: (grouping: Grouping) => void
  /** The item that the grid begins at, as the address has it when the page is opened. */
  start: number
  setStart: (index: number) => void
  /** Changes when the list is another one. */
  listKey: string
  /** A phone. */
  narrow: boolean
  /** Facets are in a drawer. */
  drawer: boolean
}

/** How items are shown, as an address or a switch names it. */
export function kindOf(word: string | null): Kind {
  return word === 'table' || word === 'map' ? word : 'grid'
}

const AT_ONCE = { getInitialValueInEffect: false }

/** What is shown of the items and how, as the address has it. */
export function useView(): View {
  const { address, change } = useAddress()
  const { isOld, version } = useDataset()
  const asked = withFilters(new URLSearchParams(), filtersIn(address)).toString()
  const covered = withHidden(new URLSearchParams(), hiddenIn(address)).toString()
  const filters = useMemo(() => filtersIn(new URLSearchParams(asked)), [asked])
  const hidden = useMemo(() => hiddenIn(new URLSearchParams(covered)), [covered])
  const grouping = address.get('group')
  const at = Number(address.get('at') ?? 0)
  return {
    filters,
    hidden,
    ...useSetters(change),
    kind: kindOf(address.get('view')),
    grouping: grouping === 'study' || grouping === 'series' ? grouping : 'none',
    start: Number.isSafeInteger(at) && at > 0 ? at : 0,
    listKey: `${asked} ${isOld ? version : ''}`,
    narrow: useMediaQuery('(max-width: 640px)', false, AT_ONCE),
    drawer: useMediaQuery('(max-width: 1000px)', false, AT_ONCE),
  }
}

function useSetters(change: ChangeAddress) {
  const setFilters = useCallback(
    (filters: Filters) => change((address) => withFilters(address, filters)),
    [change],
  )
  const setHidden = useCallback(
    (hidden: Hidden) => change((address) => withHidden(address, hidden)),
    [change],
  )
  const set = useCallback(
    (name: string, value: string | null) =>
      change((address) => {
        const next = new URLSearchParams(address)
        if (value === null) next.delete(name)
        else next.set(name, value)
        return next
      }),
    [change],
  )
  const setKind = useCallback((kind: Kind) => set('view', kind === 'grid' ? null : kind), [set])
  const setGrouping = useCallback(
    (grouping: Grouping) => set('group', grouping === 'none' ? null : grouping),
    [set],
  )
  const setStart = useCallback((index: number) => set('at', index > 0 ? String(index) : null), [set])
  return { setFilters, setHidden, setKind, setGrouping, setStart }
}
