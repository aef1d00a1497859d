import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { toast, toastProblem } from './toast'

export interface DecisionFacts {
  /** What people call it. */
  title: string
  /** Pictures that can be published, and files that were rejected. */
  ready: number
  rejected: number
}

/** A member of the source that is no item, with the reason. */
export type RejectedFile = Awaited<ReturnType<typeof members>>[number]

export interface Decision {
  facts: DecisionFacts | undefined
  files: RejectedFile[] | undefined
  error: unknown
  keep: () => void
  discard: () => void
  keeping: boolean
  discarding: boolean
}

const FILES_ASKED = 500

/** What a decision about rejected files rests on, and its two ways out. */
export function useDecision(
  dataset: string,
  enabled: boolean,
  decided: (how: 'kept' | 'discarded') => void,
): Decision {
  const client = useQueryClient()
  const facts = useQuery({
    queryKey: ['dataset', dataset, 'decision'],
    queryFn: () => readFacts(dataset),
    enabled,
  })
  const files = useQuery({
    queryKey: ['dataset', dataset, 'rejected'],
    queryFn: () => members(dataset, 'rejected'),
    enabled,
  })
  const path = { params: { path: { dataset } } }
  const refresh = () => {
    for (const key of [['datasets'], ['dataset-facets'], ['dataset', dataset], ['jobs']]) {
      void client.invalidateQueries({ queryKey: key })
    }
  }
  const keep = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/datasets/{dataset}/keep', path)),
    onSuccess: () => decided('kept'),
    onSettled: refresh,
  })
  const discard = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/datasets/{dataset}', path)),
    onSuccess: (row) => {
      decided('discarded')
      toast({
        kind: 'info',
        title: `${row.display_name === '' ? row.name : row.display_name} is in the trash`,
        action: {
          label: 'Undo',
          run: () => void restore(row.name).then(refresh).catch(toastProblem),
        },
      })
    },
    onSettled: refresh,
  })
  return {
    facts: facts.data,
    files: files.data,
    error: facts.error ?? files.error ?? keep.error ?? discard.error,
    keep: () => keep.mutate(),
    discard: () => discard.mutate(),
    keeping: keep.isPending,
    discarding: discard.isPending,
  }
}

async function readFacts(dataset: string): Promise<DecisionFacts> {
  const shown = await unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset } } }))
  // Counts of items come with the first version; before it label files are told from pictures by their members.
  const labels = await members(dataset, 'imported')
  return {
    title: shown.display_name,
    ready: Math.max(0, shown.bins.imported - labels.length),
    rejected: shown.bins.rejected,
  }
}

async function members(dataset: string, bin: string) {
  const query = { bin, limit: FILES_ASKED }
  const page = await unwrap(
    api.GET('/api/v1/datasets/{dataset}/members', { params: { path: { dataset }, query } }),
  )
  return page.items
}

function restore(dataset: string) {
  return unwrap(api.POST('/api/v1/datasets/{dataset}/restore', { params: { path: { dataset } } }))
}
