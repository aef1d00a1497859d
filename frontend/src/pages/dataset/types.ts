import type { Schemas } from '@/api/client'

export type Job = Schemas['JobDocument']

/** Everything about a dataset at a version. */
export type Show = Schemas['DatasetShow']

export type Action = Show['may'][number]
