import { useQuery } from '@tanstack/react-query'
import { request } from '@/api/client'
import { readRecipe } from '@/parts/recipe/recipe'
import { useDataset } from '../useDataset'
import type { Convention } from './types'

/** What TerraTorch has data modules for. */
const TRAINED = ['Segmentation', 'Regression']

/** Whether a training with TerraTorch can be configured of the dataset. */
export function useIsTrainable(): boolean {
  const { show } = useDataset()
  return TRAINED.includes(readRecipe(show.geospatial)?.purpose ?? '')
}

/** The address of a training's configuration, with class weights by a convention or without. */
export function useConfigurationAddress(weights: Convention | null): string {
  const { show, version } = useDataset()
  const at = encodeURIComponent(`${show.id}@${version}`)
  return `/api/v1/datasets/${at}/training.yaml${weights === null ? '' : `?weights=${weights}`}`
}

/** The configuration as text. */
export function useConfiguration(address: string, isWanted: boolean) {
  const { name } = useDataset()
  return useQuery({
    queryKey: ['dataset', name, 'terratorch', address],
    enabled: isWanted,
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await request(address, { signal })).text(),
  })
}
