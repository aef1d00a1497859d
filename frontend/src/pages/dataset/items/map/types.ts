import type { Schemas } from '@/api/client'

export type Footprints = Schemas['FootprintCollection']
export type Footprint = Footprints['features'][number]
export type Extent = Schemas['FootprintExtent']

export type ColorBy = 'part' | 'class'
