import type { Schemas } from '@/api/client'
import type { Range } from './model/windowing'

export type Label = Schemas['LabelView']

export interface BandStatistics {
  band: string
  min: number
  max: number
  mean: number
  std: number
  histogram: Range & { counts: number[] }
}

export interface ItemDocument {
  key: string
  study: string
  series: string | null
  part: string | null
  sha256: string
  labels: Label[]
  bytes: number
  index: number | null
  total: number
  previous: string | null
  next: string | null
  study_position: { index: number; total: number; previous: string | null; next: string | null }
  series_items: number
  series_index: number
  image: {
    sha256: string
    width: number
    height: number
    bands: string[]
    dtype: string
    bit_depth: number
    levels: number
    tile: number
    format: string
    media_type: string
    original: string
  }
  windows: (Range & { name: string })[]
  automatic: Range
  full: Range
  extent: Range
  statistics: BandStatistics[]
  spacing: [number, number] | null
  findings: { severity: string; code: string; message: string; hint: string }[]
  metadata: { group: string; name: string; value: string }[]
}

export interface Slice {
  key: string
  sha256: string
  position: number | null
  width: number
  height: number
}

export interface StudyEntry {
  study: string
  items: number
  series: { series: string | null; items: number; first_key: string; thumbnail: string }[]
}
