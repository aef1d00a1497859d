import type { Schemas } from '@/api/client'
import { plural } from '@/parts/format'
import { figure } from './sizes'

export type Plan = Schemas['SplitRequest']
export type By = Plan['by']
export type Offer = Schemas['SplitOffer']

export interface Way {
  value: By
  label: string
  description: string
}

/** What a person fills in; texts are what is typed, and an empty one leaves the matter to the server. */
export interface SplitForm {
  /** Percent, of train, validation and test. */
  shares: readonly number[]
  seed: number
  by: By
  /** Metres. */
  blockSize: string
  buffer: string
  /** Days. */
  timeGap: string
}

const DAY_S = 86_400
/** Half way round the Earth in metres, and what fits the server's times in days. */
const FARTHEST_M = 20_040_000
const LONGEST_DAYS = 100_000

const PICTURES: readonly Way[] = [
  {
    value: 'group',
    label: 'Studies and duplicates stay together',
    description: 'Nothing that a model has seen in training is in validation or test.',
  },
  {
    value: 'study',
    label: 'Studies stay together',
    description: 'Duplicates across studies may be in two parts.',
  },
  {
    value: 'item',
    label: 'Each picture by itself',
    description: 'Pictures of one study may be in two parts: results will look better than they are.',
  },
]

const ON_THE_GROUND: Way = {
  value: 'group',
  label: 'What shows the same ground stays together',
  description:
    'Chips that overlap, scenes and duplicates are in one part each, if there are three groups or more.',
}

const EACH_CHIP: Way = {
  value: 'item',
  label: 'Each chip by itself',
  description: 'Chips of the same ground may be in two parts: results will look better than they are.',
}

/** The ways to split that go with a dataset, the usual one first. */
export function waysOf(isGeospatial: boolean, offers: readonly Offer[]): Way[] {
  if (!isGeospatial && offers.length === 0) return [...PICTURES]
  const first = isGeospatial ? [ON_THE_GROUND] : PICTURES.slice(0, 2)
  return [...first, ...offers.flatMap(offeredWay), isGeospatial ? EACH_CHIP : (PICTURES[2] ?? EACH_CHIP)]
}

function offeredWay(offer: Offer): Way[] {
  const { by, regions } = offer
  switch (by) {
    case 'scene':
      return [
        {
          value: by,
          label: 'By scene',
          description: `${plural(regions, 'scene')}, each in one part. What overlaps another part is left out.`,
        },
      ]
    case 'block':
      return [
        {
          value: by,
          label: 'By square of the ground',
          description: `${plural(regions, 'square')} of ${lengthText(offer.block_size ?? 0)}, each in one part. What overlaps another part is left out; neighbours touch unless there is a buffer.`,
        },
      ]
    case 'time':
      return [
        {
          value: by,
          label: 'By time',
          description: `${plural(regions, 'time')}${spanText(offer)}. Train is earliest, test latest. The same ground may be in all parts: this tests other times, not other places.`,
        },
      ]
    default:
      return []
  }
}

function spanText({ first, last }: Offer): string {
  return first == null || last == null ? '' : `, ${day(first)} to ${day(last)}`
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

/** "2.6 km", "640 m" */
export function lengthText(metres: number): string {
  return metres >= 1000 ? `${figure(metres / 1000)} km` : `${figure(metres)} m`
}

/** Whether a way of splitting has a size of squares, keeps train away from the others, or leaves out a time. */
export const TAKES: Record<'blockSize' | 'buffer' | 'timeGap', readonly By[]> = {
  blockSize: ['block'],
  buffer: ['block', 'scene'],
  timeGap: ['time'],
}

/** What keeps a form from being sent, in words; null when nothing does. */
export function formProblem(form: SplitForm): string | null {
  const sum = Math.round(form.shares.reduce((total, each) => total + each, 0) * 10) / 10
  if (sum !== 100) return `Together they are ${sum} %. Make it 100 %.`
  const asks = (field: keyof typeof TAKES) => TAKES[field].includes(form.by) && form[field].trim() !== ''
  if (asks('blockSize') && !isWithin(form.blockSize, 0.01, FARTHEST_M))
    return 'Give the side of a square in metres, 0.01 or more.'
  if (asks('buffer') && !isWithin(form.buffer, 0, FARTHEST_M)) return 'Give the buffer in metres, 0 or more.'
  if (asks('timeGap') && !isWithin(form.timeGap, 0, LONGEST_DAYS)) return 'Give the gap in days, 0 or more.'
  return null
}

function isWithin(typed: string, least: number, most: number): boolean {
  const value = Number(typed)
  return Number.isFinite(value) && value >= least && value <= most
}

/** What is sent; fields of other ways are left as they are by themselves. */
export function requestOf(form: SplitForm): Plan {
  const typed = (field: keyof typeof TAKES) => (TAKES[field].includes(form.by) ? Number(form[field]) : 0)
  const size = typed('blockSize')
  return {
    ratios: form.shares.map((each) => each / 100),
    seed: form.seed,
    by: form.by,
    name: 'default',
    buffer: typed('buffer'),
    time_gap: typed('timeGap') * DAY_S,
    ...(size > 0 ? { block_size: size } : {}),
  }
}
