import { plural } from './format'

/** The words of the list for what the API calls by code. */

const MODALITIES: Record<string, string> = { planar: 'Planar', volume: 'Volume', geospatial: 'Geospatial' }

const TASKS: Record<string, string> = {
  single_label: 'Single label',
  multi_label: 'Multi-label',
  detection: 'Detection',
  segmentation: 'Segmentation',
  regression: 'Regression',
}

const FORMATS: Record<string, string> = {
  image_only: 'Pictures alone',
  image_label: 'Pictures and labels',
  class_folders: 'Folders by class',
  study_series: 'Studies and series',
  parquet: 'Parquet',
  geotiff_pairs: 'Chips and labels',
}

export function modalityWord(modality: string): string {
  return MODALITIES[modality] ?? modality
}

export function taskWord(task: string): string {
  return TASKS[task] ?? task.replaceAll('_', ' ')
}

export function formatWord(format: string): string {
  return FORMATS[format] ?? format.replaceAll('_', ' ')
}

const ITEMS: Record<string, readonly [one: string, many: string]> = {
  planar: ['picture', 'pictures'],
  volume: ['volume', 'volumes'],
  geospatial: ['chip', 'chips'],
}

/** "chip" and "chips": what an item of a modality is called, and several. */
export function itemsWords(modality: string | undefined): readonly [one: string, many: string] {
  return ITEMS[modality ?? 'planar'] ?? ['item', 'items']
}

/** "Chips": what items of a modality are called at the head of a list. */
export function itemsTitle(modality: string | undefined): string {
  const [, word] = itemsWords(modality)
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** "236 chips": items by what their modality calls them. */
export function itemsText(number: number, modality: string | undefined): string {
  return plural(number, ...itemsWords(modality))
}
