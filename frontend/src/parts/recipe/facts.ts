import { isObject, list, number, text } from './recipe'

/** What the headers of a source told about its chips: the document of `formats/geotiff_pairs/facts.py`. */
export interface Facts {
  chips: number | null
  pairs: number
  orphans: { data: number; labels: number }
  sources: SourceFacts[]
  labels: LabelFacts | null
  /** Headers that were read of how many; null when all were. */
  sampled: { headers: number; of: number } | null
}

/** Of each fact what was met, the most frequent first. */
export interface SourceFacts {
  suffix: string
  files: number | null
  /** "512 × 512" */
  sizes: string[]
  dtypes: string[]
  crs: string[]
  /** Of a pixel, in metres. */
  metres: number | null
  nodata: string[]
  compressions: string[]
  /** Bands of a file; null where files differ, or nobody knows. */
  bands: number | null
  /** First and last time that names or tags tell. */
  times: [first: string, last: string] | null
  /** What one of its files holds; null where none was looked into. */
  sample: Sample | null
}

/** One raster of a data source, thinned. */
export interface Sample {
  path: string
  /** Of the samples, by band of the file; null where nothing was measured. */
  bands: ({ mean: number; std: number } | null)[]
  width: number
  height: number
  /** Of the first bands: 1 to 255 between percentiles, 0 where nothing was measured. */
  planes: Uint8Array[]
}

export interface LabelFacts {
  suffix: string
  dtypes: string[]
  /** Values that were seen, with how many sampled pixels have them. */
  values: { value: number; pixels: number | null }[]
}

/** The facts of a report's document; null for none. */
export function readFacts(document: unknown): Facts | null {
  if (!isObject(document)) return null
  const orphans = isObject(document['orphans']) ? document['orphans'] : {}
  return {
    chips: number(document['chips']),
    pairs: number(document['pairs']) ?? 0,
    orphans: { data: number(orphans['data']) ?? 0, labels: number(orphans['labels']) ?? 0 },
    sources: list(document['sources']).map(readSource),
    labels: readLabels(document['labels']),
    sampled: readSampled(document['sampled']),
  }
}

function readSource(entry: Record<string, unknown>): SourceFacts {
  const bands = met(entry['bands'], text)
  return {
    suffix: text(entry['file_suffix']),
    files: number(entry['files']),
    sizes: met(entry['sizes'], size),
    dtypes: met(entry['dtypes'], text),
    crs: met(entry['crs'], text),
    metres: number(entry['metres']),
    nodata: met(entry['nodata'], text),
    compressions: met(entry['compression'], text),
    bands: bands.length === 1 ? number(bands[0]) : null,
    times: readTimes(entry['times']),
    sample: readSample(entry['sample']),
  }
}

function readSample(document: unknown): Sample | null {
  if (!isObject(document)) return null
  const [width, height] = [number(document['width']) ?? 0, number(document['height']) ?? 0]
  const found = Array.isArray(document['bands']) ? document['bands'] : []
  return {
    path: text(document['path']),
    bands: found.map((band: unknown) => {
      if (!isObject(band)) return null
      const [mean, std] = [number(band['mean']), number(band['std'])]
      return mean === null || std === null ? null : { mean, std }
    }),
    width,
    height,
    planes: planesOf(text(document['planes']), width * height),
  }
}

function planesOf(encoded: string, size: number): Uint8Array[] {
  if (encoded === '' || size <= 0) return []
  const all = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
  return Array.from({ length: Math.floor(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  )
}

function readTimes(found: unknown): SourceFacts['times'] {
  const [first, last] = Array.isArray(found) ? found.map((each) => day(text(each))) : []
  return first === undefined || first === '' ? null : [first, last ?? first]
}

/** The day of a time; tags of TIFF write 2015:07:11. */
function day(time: string): string {
  return time.slice(0, 10).replace(/^(\d{4}):(\d{2}):(\d{2})$/, '$1-$2-$3')
}

function readLabels(document: unknown): LabelFacts | null {
  if (!isObject(document)) return null
  return {
    suffix: text(document['file_suffix']),
    dtypes: met(document['dtypes'], text),
    values: list(document['values'])
      .flatMap((entry) => {
        const value = number(entry['value'])
        return value === null ? [] : [{ value, pixels: number(entry['pixels']) }]
      })
      .sort((a, b) => a.value - b.value),
  }
}

function readSampled(document: unknown): Facts['sampled'] {
  if (!isObject(document)) return null
  const [headers, of] = [number(document['headers']), number(document['of'])]
  return headers === null || of === null || headers >= of ? null : { headers, of }
}

/** What was met of a fact: a list of {value, files}; what files do not say is left out. */
function met(found: unknown, write: (value: unknown) => string): string[] {
  return [...new Set(list(found).map((entry) => write(entry['value'])))].filter(Boolean)
}

/** [width, height] */
function size(value: unknown): string {
  const [across, down] = Array.isArray(value) ? value.map(number) : []
  return across == null || down == null ? '' : `${across} × ${down}`
}
