import { bytes, plural, visibleEnd } from '@/parts/format'
import type { Show } from '../types'

type Facts = Pick<Show, 'counts' | 'annotation_sets' | 'owner' | 'bins' | 'version'>

/** The line below the name: items, studies, labels, size, owner. */
export function factsOf({ counts, annotation_sets: sets, owner, bins, version }: Facts): string[] {
  const facts: string[] = []
  if (version > 0) {
    facts.push(plural(counts.items, 'item'), plural(counts.studies, 'study', 'studies'))
    facts.push(...labelFacts(sets), bytes(counts.bytes))
  }
  if (bins.rejected > 0) facts.push(`${plural(bins.rejected, 'file')} rejected`)
  return [...facts, `Owned by ${visibleEnd(owner.name)}`]
}

function labelFacts(sets: Show['annotation_sets']): string[] {
  const boxes = sets.filter((set) => set.task === 'detection')
  const others = sets.filter((set) => set.task !== 'detection')
  const facts: string[] = []
  if (boxes.length > 0) {
    const all = boxes.flatMap((set) => set.classes)
    facts.push(
      plural(
        all.reduce((sum, each) => sum + each.count, 0),
        'box',
        'boxes',
      ),
    )
  }
  if (others.length > 0) {
    facts.push(
      plural(
        others.reduce((sum, set) => sum + set.items, 0),
        'labelled item',
      ),
    )
  }
  return facts
}
