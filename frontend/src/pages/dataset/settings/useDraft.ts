import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useDataset } from '../useDataset'
import { changeOf, type Draft, draftOf, hasProblem } from './draft'

const SAID_MS = 3000

// What is not saved stays while other pages are looked at.
const kept = new Map<string, Draft>()

/** The fields of the settings, and the way to save or drop what was changed in them. */
export function useDraft() {
  const { name, show } = useDataset()
  const client = useQueryClient()
  const [own, setOwn] = useState<Draft | null>(() => kept.get(show.id) ?? null)
  const draft = own ?? draftOf(show)
  const change = changeOf(draft, show)
  const isChanged = own !== null && change !== null

  const put = (next: Draft | null) => {
    if (next === null) kept.delete(show.id)
    else kept.set(show.id, next)
    setOwn(next)
  }
  const save = useMutation({
    mutationFn: (body: Schemas['DatasetChange']) =>
      unwrap(api.PATCH('/api/v1/datasets/{dataset}', { params: { path: { dataset: show.id } }, body })),
    onSuccess: async () => {
      for (const queryKey of [['dataset', name], ['datasets'], ['dataset-facets']]) {
        await client.invalidateQueries({ queryKey })
      }
      put(null)
    },
  })
  const justSaved = save.isSuccess && !isChanged
  const { reset } = save
  useEffect(() => {
    if (!justSaved) return
    const timer = setTimeout(reset, SAID_MS)
    return () => clearTimeout(timer)
  }, [justSaved, reset])
  useEffect(() => {
    if (!isChanged) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isChanged])
  return {
    draft,
    set: (part: Partial<Draft>) => put({ ...draft, ...part }),
    isChanged,
    canSave: isChanged && !hasProblem(draft),
    save: () => {
      if (change !== null) save.mutate(change)
    },
    saving: save.isPending,
    justSaved,
    error: save.error,
    discard: () => {
      save.reset()
      put(null)
    },
  }
}

export type DraftHere = ReturnType<typeof useDraft>
