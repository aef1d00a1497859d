import type { Counted } from '@/parts/charts/distribution'
import { readRecipe } from '@/parts/recipe/recipe'
import type { Show } from './types'

/** What the labels of a set are counted in: those that a recipe reads from label rasters are pixels. */
export function countedIn(
  show: Pick<Show, 'modality' | 'geospatial' | 'annotation_sets'>,
  set: string | null,
): Counted {
  const recipe = readRecipe(show.geospatial)
  const source = show.annotation_sets.find((each) => each.name === set)?.source
  const isRaster = recipe !== null && recipe.label_suffix !== '' && source === recipe.label_suffix
  return { modality: show.modality, isRaster }
}
