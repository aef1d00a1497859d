import { useQuery } from '@tanstack/react-query'
import { request } from '@/api/client'
import { COLORS, type Color, isObject, list, number, text } from './recipe'

/** A collection that chips can come from, with its bands in the order of its files. */
export interface Collection {
  connector: string
  collection: string
  title: string
  modality_tag: string
  /** Metres. */
  resolution: number | null
  bands: CollectionBand[]
}

export interface CollectionBand {
  name: string
  description: string
  color: Color | null
  wavelength: number | null
  scale: number | null
}

export function readCollections(document: unknown): Collection[] {
  const entries = isObject(document) ? document['items'] : document
  return list(entries).map((entry) => ({
    connector: text(entry['connector']),
    collection: text(entry['collection']),
    title: text(entry['title']) || text(entry['collection']),
    modality_tag: text(entry['modality_tag']),
    resolution: number(entry['resolution']),
    bands: list(entry['bands']).map((band) => ({
      name: text(band['name']),
      description: text(band['description']),
      color: COLORS.find((each) => each === band['color']) ?? null,
      wavelength: number(band['wavelength']),
      scale: number(band['scale'] ?? entry['scale']),
    })),
  }))
}

/** The collections that this server knows; they change with its settings alone. */
export function useCollections(isWanted: boolean) {
  return useQuery({
    queryKey: ['collections'],
    enabled: isWanted,
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      readCollections(await (await request('/api/v1/collections', { signal })).json()),
  })
}
