import type { Schemas } from '@/api/client'

type Report = Pick<Schemas['SplitReport'], 'by' | 'kinds' | 'offers'>

const SHARED: Record<string, string> = { ground: 'the same ground', scene: 'one scene' }

/** Why a split without a leak has none, and what it divides on purpose. */
export function sharedText({ by, kinds }: Report): string {
  const meant = kinds.filter((kind) => kind.meant && kind.divided > 0).map(({ kind }) => SHARED[kind] ?? kind)
  if (meant.length === 0) return 'No two parts show the same ground, and no chip has a copy in another part.'
  const way = by === 'time' ? 'by time' : 'by square of the ground'
  return `Chips of ${meant.join(' and of ')} are in several parts, as a split ${way} means them to be.`
}

/** The hint of a leak, in the words of the page where the page has the remedy. */
export function timeOffer({ offers }: Report, hint: string): string {
  const ways: Record<string, string> = { time: 'time', block: 'square of the ground', scene: 'scene' }
  const known = offers.flatMap(({ by }) => ways[by] ?? [])
  if (known.length === 0) return hint
  const results = 'Results on validation and test will look better than they are.'
  return `${results} “Split again” can split by ${known.join(', or by ')}.`
}
