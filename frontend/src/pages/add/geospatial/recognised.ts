import { plural } from '@/parts/format'
import type { Form } from '@/parts/recipe/form'

const ALL: Record<number, string> = { 1: 'The band was recognised.', 2: 'Both bands were recognised.' }

/** How much of the bands was recognised, in two parts of a sentence. */
export function recognisedText({ sources }: Form): [strong: string, rest: string] {
  const bands = sources.flatMap((source) => source.bands)
  const known = sources.filter(({ collection }) => collection !== '').flatMap((source) => source.bands)
  const check = 'Check the colours and continue, or change anything below.'
  if (bands.length === 0) return ['No band was found.', 'Say how the files end, or add bands by hand.']
  if (known.length === 0) {
    return [
      `${plural(bands.length, 'band was', 'bands were')} found.`,
      `Their collection was not recognised. ${check}`,
    ]
  }
  if (known.length < bands.length) {
    return [`${known.length} of ${plural(bands.length, 'band')} were recognised.`, check]
  }
  return [ALL[bands.length] ?? `All ${bands.length} bands were recognised.`, check]
}
