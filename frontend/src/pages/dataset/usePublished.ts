import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api, unwrap } from '@/api/client'
import { count } from '@/parts/format'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from './useDataset'

interface Published {
  /** The number of the version that a change has published. */
  version: number
  title: ReactNode
  /** After what was done is taken back. */
  undone?: () => void
}

/** Says that a version was published, refreshes what is shown of the dataset, and offers to take it back. */
export function usePublished() {
  const { name, show, version } = useDataset()
  const client = useQueryClient()
  const renew = async () => {
    for (const queryKey of [['dataset', name], ['datasets'], ['dataset-facets']]) {
      await client.invalidateQueries({ queryKey })
    }
  }
  const revert = async (to: number) => {
    const path = { dataset: show.id }
    await unwrap(api.POST('/api/v1/datasets/{dataset}/revert', { params: { path }, body: { version: to } }))
    await renew()
  }
  const say = ({ version: number, title, undone }: Published) => {
    void renew()
    if (number === version) {
      toast({ kind: 'info', title, text: 'Nothing is different.' })
      return
    }
    const undo = async () => {
      try {
        await revert(version)
        undone?.()
        toast({ kind: 'info', title: 'All is as it was' })
      } catch (error) {
        toastProblem(error, 'It could not be undone')
      }
    }
    toast({
      title,
      text: `Version ${count(number)}`,
      action: { label: 'Undo', run: () => void undo() },
    })
  }
  /** The version that is shown, by its number: the server refuses what somebody else has changed meanwhile. */
  return { at: `${show.id}@${version}`, say, renew, revert }
}
