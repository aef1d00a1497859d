import { count } from '@/parts/format'
import type { Schemas } from '@/api/client'
import type { Amounts, TrainingLayer } from './types'

type Sizes = Schemas['SizeRange']

/** "640 × 480, all 364", or "64 × 64 to 650 × 741" where they differ. */
export function sizesText({ min, max }: Sizes, pictures: number, one = 'picture'): string {
  const size = ([width = 0, height = 0]: readonly number[]) => `${count(width)} × ${count(height)}`
  if (size(min) === size(max))
    return `${size(min)}, ${pictures === 1 ? `one ${one}` : `all ${count(pictures)}`}`
  return `${size(min)} to ${size(max)}`
}

/** The middle of widths and of heights, each on its own, where not all are equal. */
export function medianText(layer: TrainingLayer | undefined): string | null {
  if (layer?.sizes == null || layer.size !== null) return null
  return layer.sizes.median.map((value) => figure(value)).join(' × ')
}

/** "median 105 px, 0 to 338" */
export function amountsText({ min, median, max }: Amounts, unit = ''): string {
  if (min === max) return `${figure(median)}${unit}, all`
  return `median ${figure(median)}${unit}, ${figure(min)} to ${figure(max)}`
}

/** A number with at most one decimal. */
export function figure(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 1 })
}

/** "60 %": whole percents for parts of the split. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`
}

const BY: Record<string, string> = {
  group: 'studies and duplicates stay together',
  study: 'studies stay together',
  item: 'item by item',
  scene: 'by scene',
  block: 'by square of the ground',
  time: 'by time',
}

const GROUND = 'what shows the same ground stays together'

/** How the split was made, in words. */
export function planText(plan: Schemas['SplitPlanView'] | null, modality = 'planar'): string {
  if (plan === null) return ''
  if (plan.by === 'time') return 'by time'
  const way = plan.by === 'group' && modality === 'geospatial' ? GROUND : (BY[plan.by] ?? plan.by)
  return `${way}, seed ${plan.seed}`
}
