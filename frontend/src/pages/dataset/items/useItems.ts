import { type QueryClient, queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'
import { showsContents } from '../header/NotReady'
import type { Show } from '../types'
import { type Filters, filtersIn, queryOf } from './model/filters'
import { pageOf, pagesOf, stepFor } from './model/pages'
import { useMilestoneOptions } from './useMilestones'
import { useSettled } from './useSettled'

export type Item = Schemas['ItemView']

export interface ItemList {
  /** How many match; null until that is known. */
  total: number | null
  /** False: at least so many, and counting goes on. */
  exact: boolean
  item: (index: number) => Item | undefined
  /** Of all in view, those that are here. */
  loaded: readonly Item[]
  /** Tells which items are in view, the last one included. */
  want: (first: number, last: number) => void
  /** Names of the items from `first` to `last`, the last one included, whether they are loaded or not. */
  keys: (first: number, last: number) => Promise<string[]>
  error: unknown
  retry: () => void
}

const KEYS_AT_ONCE = 10_000
const PAGES_KEPT = 60
const GONE_AFTER_MS = 60_000

type Query = ReturnType<typeof queryOf>

/** A version's items in one order under filters, of which only those in view are loaded. */
export function useItems(filters: Filters, start: number): ItemList {
  const { name, show, version } = useDataset()
  const client = useQueryClient()
  const query = useMemo(() => queryOf(filters), [filters])
  const step = stepFor(show.counts.items)
  const list = useMemo(
    () => ({ name, at: `${show.id}@${version}`, version, query, step }),
    [name, show.id, version, query, step],
  )
  const milestones = useQuery(useMilestoneOptions()(query))
  const cursors = milestones.data?.cursors ?? FIRST_CURSOR
  const [inView, setInView] = useState({ first: start, last: start })
  // Two numbers: rows come into view all the time, pages now and then.
  const [from, to] = useSettled(`${pageOf(inView.first, step)} ${pageOf(inView.last, step)}`).split(' ')
  const wanted = useMemo(() => pagesOf(Number(from), Number(to), 1), [from, to])
  const pages = useQueries({
    queries: wanted.map((page) => pageOptions(client, list, page, cursors[page])),
    combine: combined,
  })
  const byPage = useMemo(
    () => new Map(wanted.map((page, place) => [page, pages.data[place]])),
    [wanted, pages],
  )
  const loaded = useMemo(() => pages.data.flatMap((page) => page ?? []), [pages])
  useEffect(() => {
    dropOldPages(client, name)
  }, [client, name, wanted])

  const whole = Object.keys(query).length === 0
  const counted = milestones.data
  const total = whole && counted?.exact !== true ? show.counts.items : (counted?.total ?? null)
  const keys = useCallback(
    async (first: number, last: number): Promise<string[]> => {
      const page = pageOf(first, step)
      const offset = first - page * step
      const found: string[] = []
      let after = cursors[page]
      if (after === undefined) throw new Error('The list is still being counted. Try again in a moment.')
      while (after !== undefined && found.length < offset + last - first + 1) {
        const limit = Math.min(KEYS_AT_ONCE, offset + last - first + 1 - found.length)
        const answer: Schemas['Page_str_'] = await unwrap(
          api.GET('/api/v1/datasets/{dataset}/items/keys', {
            params: { path: { dataset: list.at }, query: { ...query, limit, ...(after ? { after } : {}) } },
          }),
        )
        found.push(...answer.items)
        after = answer.next ?? undefined
      }
      return found.slice(offset)
    },
    [list, query, cursors, step],
  )
  const want = useCallback((first: number, last: number) => {
    setInView((before) => (before.first === first && before.last === last ? before : { first, last }))
  }, [])
  return {
    total,
    exact: whole || counted?.exact !== false,
    item: (index) => byPage.get(pageOf(index, step))?.[index % step],
    loaded,
    want,
    keys,
    error: milestones.error ?? pages.error,
    retry: () => void client.refetchQueries({ queryKey: ['dataset', name], type: 'active' }),
  }
}

const FIRST_CURSOR: (string | null)[] = [null]

/** Asks for the first page of a list before its grid is there. */
export function beginItems(client: QueryClient, name: string, show: Show, address: URLSearchParams): void {
  if (address.has('at') || !showsContents(show)) return
  const query = queryOf(filtersIn(address))
  const { version } = show
  const list = { name, at: `${show.id}@${version}`, version, query, step: stepFor(show.counts.items) }
  client.query(pageOptions(client, list, 0, null)).catch(() => undefined)
}

interface List {
  name: string
  /** ID@VERSION: what is published meanwhile does not mix in. */
  at: string
  version: number
  query: Query
  step: number
}

function keyOf(list: List, version: number, page: number) {
  return ['dataset', list.name, 'items', version, list.query, list.step, page]
}

function pageOptions(client: QueryClient, list: List, page: number, cursor: string | null | undefined) {
  return queryOptions<Item[]>({
    queryKey: keyOf(list, list.version, page),
    enabled: cursor !== undefined,
    staleTime: Infinity,
    gcTime: GONE_AFTER_MS,
    // After a change the cells stay as they were until those of the new version are here.
    placeholderData: () => client.getQueryData<Item[]>(keyOf(list, list.version - 1, page)),
    meta: { page },
    queryFn: async ({ signal }) => {
      const query = { ...list.query, limit: list.step, ...(cursor ? { after: cursor } : {}) }
      const answer = await unwrap(
        api.GET('/api/v1/datasets/{dataset}/items', {
          params: { path: { dataset: list.at }, query },
          signal,
        }),
      )
      return answer.items
    },
  })
}

interface PageResult {
  data: Item[] | undefined
  error: unknown
}

function combined(results: PageResult[]) {
  return {
    data: results.map((each) => each.data),
    error: results.find((each) => each.error !== null)?.error ?? null,
  }
}

/** Pages far away are given up before their time when there are many. */
function dropOldPages(client: QueryClient, name: string) {
  const unseen = client
    .getQueryCache()
    .findAll({ queryKey: ['dataset', name, 'items'], type: 'inactive' })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
  for (const query of unseen.slice(PAGES_KEPT)) client.getQueryCache().remove(query)
}
