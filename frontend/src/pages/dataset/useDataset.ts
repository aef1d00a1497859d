import { createContext, use } from 'react'
import type { Action, Job, Show } from './types'

export interface DatasetHere {
  /** As the address has it: a name or an id; first after ['dataset'] in query keys. */
  name: string
  /** What paths of the API take: the name, or NAME@3 when an old version is looked at. */
  ref: string
  /** The version that is shown; 0 while none is published. */
  version: number
  /** Whether the address asks for one version, which cannot be changed. */
  isOld: boolean
  show: Show
  /** The newest job, live while it runs. */
  job: Show['job'] | Job
  /** Whether the caller may do it to the version that is shown. */
  may: (action: Action) => boolean
  refetch: () => void
}

export const DatasetContext = createContext<DatasetHere | null>(null)

/** The dataset of the page. */
export function useDataset(): DatasetHere {
  const here = use(DatasetContext)
  if (here === null) throw new Error('useDataset is used outside a dataset page.')
  return here
}
