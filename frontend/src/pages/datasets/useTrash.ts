import { useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/api/client'
import { plural } from '@/parts/format'
import { toast, toastProblem } from '@/parts/toast'

type Outcome = Schemas['BulkAnswer']

/** Into the trash and out of it again, many at once; each with its undo. */
export function useTrash() {
  const client = useQueryClient()
  const refresh = () => {
    for (const key of ['datasets', 'dataset-facets', 'dataset', 'storage']) {
      void client.invalidateQueries({ queryKey: [key] })
    }
  }
  const say = (outcome: Outcome, what: string, undo: (ids: string[]) => void) => {
    refresh()
    const { done, refused } = outcome
    if (done.length > 0) {
      toast({
        title: `${plural(done.length, 'dataset')} ${done.length === 1 ? 'is' : 'are'} ${what}`,
        action: { label: 'Undo', run: () => undo(done) },
      })
    }
    const [first] = refused
    if (first !== undefined) {
      toast({
        kind: 'warn',
        title: `${plural(refused.length, 'dataset')} could not be changed`,
        text: `${first.error.message} ${first.error.hint}`,
      })
    }
  }
  const trash = (ids: string[]) => {
    unwrap(api.POST('/api/v1/datasets/trash', { body: { ids } }))
      .then((outcome) => say(outcome, 'in the trash', restore))
      .catch((error: unknown) => toastProblem(error))
  }
  const restore = (ids: string[]) => {
    unwrap(api.POST('/api/v1/datasets/restore', { body: { ids } }))
      .then((outcome) => say(outcome, 'back', trash))
      .catch((error: unknown) => toastProblem(error))
  }
  return { trash, restore }
}
