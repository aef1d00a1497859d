import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '@/api/client'
import { Name } from '@/parts/Name'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from '../useDataset'

/** Into the trash and out of it. */
export function useTrashing() {
  const { show } = useDataset()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const path = { params: { path: { dataset: show.id } } }
  const refresh = async () => {
    const keys = [['dataset'], ['datasets'], ['dataset-facets'], ['notifications'], ['storage']]
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  const act = async (task: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    try {
      await task()
      await refresh()
      return true
    } catch (error) {
      toastProblem(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  const restore = () => act(() => unwrap(api.POST('/api/v1/datasets/{dataset}/restore', path)))
  const trash = async (): Promise<boolean> => {
    const done = await act(() => unwrap(api.DELETE('/api/v1/datasets/{dataset}', path)))
    if (done) {
      toast({
        kind: 'info',
        title: <Name text={show.display_name} />,
        text: 'is in the trash.',
        action: { label: 'Undo', run: () => void restore() },
      })
    }
    return done
  }
  return { trash, restore, busy }
}
