import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { count, plural } from '@/parts/format'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from '../useDataset'
import { type Filters, queryOf } from './model/filters'
import { MOST_NAMES } from './model/selection'
import type { Choosing } from './useChoosing'
import type { ItemList } from './useItems'
import { copyText } from '@/parts/copyText'

export type Part = 'train' | 'validation' | 'test'
type Changed = Schemas['Changed']
type Choice = Schemas['Choice']

export interface Changes {
  busy: 'part' | 'remove' | 'copy' | null
  moveTo: (part: Part) => void
  remove: () => void
  copyNames: () => void
}

const PART_WORDS: Record<Part, string> = { train: 'Train', validation: 'Validation', test: 'Test' }

/** What can be done with the selected items; each change is a version, and can be undone by the one before. */
export function useChanges(list: ItemList, filters: Filters, choosing: Choosing): Changes {
  const { show, version } = useDataset()
  const client = useQueryClient()
  const [busy, setBusy] = useState<Changes['busy']>(null)
  // Naming the version makes the server refuse what somebody else has changed meanwhile.
  const path = { dataset: `${show.id}@${version}` }

  const renew = async () => {
    await client.invalidateQueries({ queryKey: ['dataset'] })
    await client.invalidateQueries({ queryKey: ['datasets'] })
  }
  const undo = async () => {
    try {
      const body = { version }
      await unwrap(
        api.POST('/api/v1/datasets/{dataset}/revert', { params: { path: { dataset: show.id } }, body }),
      )
      await renew()
      toast({ kind: 'info', title: 'All is as it was' })
    } catch (error) {
      toastProblem(error, 'It could not be undone')
    }
  }
  const work = async (kind: NonNullable<Changes['busy']>, task: () => Promise<void>) => {
    setBusy(kind)
    try {
      await task()
    } catch (error) {
      toastProblem(error)
    } finally {
      setBusy(null)
    }
  }
  const publish = async (changed: Changed, words: string) => {
    choosing.none()
    await renew()
    const [finding] = changed.findings
    const same = changed.version === version
    toast({
      kind: finding !== undefined ? 'warn' : 'good',
      title: `${plural(changed.changed, 'item')} ${words}`,
      text: finding?.message ?? (same ? 'Nothing is different.' : `Version ${count(changed.version)}`),
      ...(same ? {} : { action: { label: 'Undo', run: () => void undo() } }),
    })
  }
  const chosen = () => choiceOf(list, filters, choosing)

  return {
    busy,
    moveTo: (part) =>
      void work('part', async () => {
        const body = { ...(await chosen()), part }
        const answer = unwrap(api.POST('/api/v1/datasets/{dataset}/items/part', { params: { path }, body }))
        await publish(await answer, `moved to ${PART_WORDS[part]}`)
      }),
    remove: () =>
      void work('remove', async () => {
        const body = await chosen()
        const answer = unwrap(api.POST('/api/v1/datasets/{dataset}/items/remove', { params: { path }, body }))
        await publish(await answer, 'removed')
      }),
    copyNames: () =>
      void work('copy', async () => {
        const keys = await keysOf(list, choosing)
        await copyText(keys.join('\n'))
        toast({ title: `${plural(keys.length, 'name')} copied` })
      }),
  }
}

/** All that match are named by the filter, else each by its name. */
async function choiceOf(list: ItemList, filters: Filters, choosing: Choosing): Promise<Choice> {
  const { selection } = choosing
  if (selection.kind === 'all' && selection.except.size === 0) {
    return { filter: { ...queryOf(filters) } as Choice['filter'] }
  }
  return { keys: await keysOf(list, choosing) }
}

async function keysOf(list: ItemList, { selection, size }: Choosing): Promise<string[]> {
  if (size > MOST_NAMES) {
    throw new Error(
      `${count(size)} items are selected; at most ${count(MOST_NAMES)} can be named one by one. ` +
        'Select all that match a filter, or fewer.',
    )
  }
  if (selection.kind === 'some') return [...selection.keys]
  const keys = await list.keys(0, (list.total ?? 0) - 1)
  return keys.filter((key) => !selection.except.has(key))
}
