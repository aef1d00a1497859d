import { bytes, plural, visibleEnd } from '@/parts/format'
import { type Recipe, readRecipe } from '@/parts/recipe/recipe'
import { itemsText } from '@/parts/words'
import type { Show } from '../types'

type Facts = Pick<
  Show,
  'counts' | 'annotation_sets' | 'owner' | 'bins' | 'version' | 'modality' | 'geospatial'
>

/** The line below the name: items, studies, labels, size, owner. */
export function factsOf(show: Facts): string[] {
  const { counts, annotation_sets: sets, owner, bins, version } = show
  const facts: string[] = []
  const recipe = readRecipe(show.geospatial)
  if (recipe !== null) facts.push(recipe.purpose)
  if (version > 0) {
    if (recipe === null) facts.push(plural(counts.items, 'item'), plural(counts.studies, 'study', 'studies'))
    else facts.push(itemsText(counts.items, show.modality), ...sourceFacts(recipe))
    facts.push(...labelFacts(sets, show.modality), bytes(counts.bytes))
  }
  if (bins.rejected > 0) facts.push(`${plural(bins.rejected, 'file')} rejected`)
  return [...facts, `Owned by ${visibleEnd(owner.name)}`]
}

function sourceFacts({ data_sources: sources }: Recipe): string[] {
  const bands = sources.reduce(
    (sum, source) => sum + source.bands.length * Math.max(1, source.dates.length),
    0,
  )
  return [plural(sources.length, 'data source'), plural(bands, 'band')]
}

function labelFacts(sets: Show['annotation_sets'], modality: string): string[] {
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
        modality === 'geospatial' ? 'labelled chip' : 'labelled item',
      ),
    )
  }
  return facts
}
