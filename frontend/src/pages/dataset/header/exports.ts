/** A way to take a version away: which archive or file, and what it is for. */
export interface Way {
  name: string
  title: string
  text: string
  /** `format`: an archive of a format, which is asked what it cannot hold; else the file of a route. */
  kind: 'format' | 'file'
  /** Of a file: the end of its address. */
  route?: string
}

const PICTURES: readonly Way[] = [
  {
    name: 'image_label',
    title: 'Pictures and label files',
    text: 'image/ and one CSV for each annotation set',
    kind: 'format',
  },
  {
    name: 'class_folders',
    title: 'Folders by class',
    text: 'one folder of pictures for each class',
    kind: 'format',
  },
  {
    name: 'parquet',
    title: 'Parquet tables and pictures',
    text: 'everything that is known, to be read by programs',
    kind: 'format',
  },
  {
    name: 'coco',
    title: 'COCO',
    text: 'boxes, polygons and masks of all pictures in one JSON file',
    kind: 'format',
  },
  {
    name: 'yolo',
    title: 'YOLO',
    text: 'a text file of boxes or polygons beside each picture',
    kind: 'format',
  },
  { name: 'voc', title: 'Pascal VOC', text: 'an XML file of boxes for each picture', kind: 'format' },
  { name: 'labelme', title: 'LabelMe', text: 'a JSON file of shapes beside each picture', kind: 'format' },
]

const CHIPS: readonly Way[] = [
  {
    name: 'geotiff_pairs',
    title: 'Chips and labels',
    text: 'GeoTIFF files as they came, with the recipe that reads them and the split',
    kind: 'format',
  },
  {
    name: 'stac',
    title: 'STAC items as GeoParquet',
    text: 'where and when each chip is, its bands, classes and part, without pixels',
    kind: 'file',
    route: 'stac.parquet',
  },
]

const TRAINING: readonly Way[] = [
  {
    name: 'training',
    title: 'Training with TerraTorch',
    text: 'configuration, lists of the parts and all rasters, as one zip',
    kind: 'file',
    route: 'training.zip',
  },
  {
    name: 'configuration',
    title: 'Training configuration alone',
    text: 'the YAML file of Lightning, and nothing else',
    kind: 'file',
    route: 'training.yaml',
  },
]

/** Ways that a dataset's labels can be trained with. */
const TRAINED = ['Segmentation', 'Regression']

/** The ways to export a dataset; what cannot hold its kind of items is not offered. */
export function exportWays(modality: string, purpose: string | null): Way[] {
  if (modality !== 'geospatial') return [...PICTURES]
  return [...CHIPS, ...(TRAINED.includes(purpose ?? '') ? TRAINING : [])]
}

/** Where a version is downloaded from; `at` is "id@3". */
export function exportAddress(way: Way, at: string, container: string): string {
  const dataset = `/api/v1/datasets/${encodeURIComponent(at)}`
  if (way.route !== undefined) return `${dataset}/${way.route}`
  return `${dataset}/export?format=${way.name}&container=${container}`
}
