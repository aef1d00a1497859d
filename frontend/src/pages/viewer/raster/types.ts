import type { Schemas } from '@/api/client'

/** A raster of a chip: a data source, labels, or a target. */
export type RasterLayer = Schemas['RasterLayerView']
export type RasterBand = Schemas['RasterBand']

/** Layers that are shown by their values; labels are shown by their classes. */
export function isSource({ role }: Pick<RasterLayer, 'role'>): boolean {
  return role !== 'label'
}

type Bands = Pick<RasterLayer, 'bands'>

/** The bands to choose from: of a stack of dates those of one date, which stand for those of all. */
export function bandsOf({ bands }: Bands): RasterBand[] {
  const isStack = bands.some(({ date }) => date !== null)
  return isStack ? bands.filter(({ date }) => date === 0) : bands
}

/** What a band is called; of a stack, on every date. */
export function bandName({ date, name, band }: RasterBand): string {
  return date === null ? name : band
}

function lastDate({ bands }: Bands): number {
  return Math.max(...bands.map(({ date }) => date ?? -1))
}

/** The band of the file that an index stands for on a date, the last one unless told otherwise. */
export function bandAt(layer: Bands, index: number, date: number | null): RasterBand | undefined {
  const own = layer.bands.find((band) => band.index === index)
  if (own?.date == null) return own
  const wanted = date ?? lastDate(layer)
  return layer.bands.find((band) => band.date === wanted && band.band === own.band) ?? own
}

/** The index that stands for a band of the file: that of its first date. */
export function indexOf(layer: Bands, place: number): number {
  const own = layer.bands.find((band) => band.index === place)
  if (own?.date == null) return place
  return layer.bands.find((band) => band.date === 0 && band.band === own.band)?.index ?? place
}

/** The names that expressions use, in the order of the file: of a stack the bands of a date by what all dates call them. */
export function namesAt(layer: Bands, date: number | null): string[] {
  const wanted = date ?? lastDate(layer)
  const isHere = (band: RasterBand) => band.date !== null && band.date === wanted
  const taken = new Set(layer.bands.filter(isHere).map(({ band }) => band))
  return layer.bands.map((band) => {
    if (isHere(band)) return band.band
    return taken.has(band.name) ? `${band.name} ` : band.name
  })
}
