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
