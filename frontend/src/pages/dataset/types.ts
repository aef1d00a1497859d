import type { Schemas } from '@/api/client'

export type Action = 'edit' | 'label' | 'export' | 'delete'
export type Job = Schemas['JobDocument']

export interface Source {
  id: string
  filename: string
  kind: string
  uploader: string | null
  created_at: number
  imported: number
  ignored: number
  rejected: number
}

/** Everything about a dataset at a version. */
export type Show = Omit<Schemas['DatasetShow'], 'job'> & {
  job: (Pick<Job, 'id' | 'state'> & Partial<Job>) | null
  may: string[]
  owner: { id: string; name: string }
  sources: Source[]
  trashed_at: number | null
  purge_at: number | null
}
