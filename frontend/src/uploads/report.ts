import type { Finding } from '@/api/errors'

/** What a check found: the document of `triptych prescan`, which the API's description leaves open. */
export interface Report {
  source: { filename: string; container: string; bytes: number }
  format: string
  modality: string
  accepted: { format: string; title?: string; confidence: number; why: string }[]
  refused: { format: string; title?: string; why: string; hint: string }[]
  counts: { items: number; studies: number; files: number; bytes: number }
  annotation_sets: ReportSet[]
  bins: { imported: number; ignored: number; rejected: number }
  finding_list: Finding[]
  /** How many headers were read of how many pictures; null when all were. */
  sampled: { members: number; of: number } | null
  /** How chips are read, as proposed, and what their headers told; of a geospatial source alone. */
  recipe?: unknown
  facts?: unknown
}

export interface ReportSet {
  name: string
  task: string
  /** Pictures that the set covers, those with "nothing there" included. */
  items: number
  source: string
  classes: ReportClass[]
}

export interface ReportClass {
  id: number
  name: string
  color: string
  count: number
}

/** What a person wishes of a source: a format instead of the best proposal, and options of it. */
export interface Wish {
  format: string | null
  options: Record<string, string>
}
