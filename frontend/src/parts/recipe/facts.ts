import { isObject, list, number, text } from './recipe'

/** What the headers of a source told about its chips; what is not known is left out. */
export interface Facts {
  pairs: number | null
  orphans: { data: number; labels: number }
  sources: SourceFacts[]
  labels: LabelFacts | null
}

export interface SourceFacts {
  suffix: string
  files: number | null
  /** "512 × 512", one for each size that was seen. */
  sizes: string[]
  dtypes: string[]
  crs: string[]
  resolutions: string[]
  nodata: string[]
  compressions: string[]
  /** Bands of a file; null where files differ. */
  bands: number | null
  /** First and last time that names or tags tell. */
  times: [first: string, last: string] | null
  /** "0.163 ± 0.081" of each band, where values were sampled. */
  values: (string | null)[]
}

export interface LabelFacts {
  suffix: string
  dtypes: string[]
  /** Values that were seen, with how many sampled pixels have them. */
  values: { value: number; count: number | null }[]
}

/** The facts of a report's document; null for none. */
export function readFacts(document: unknown): Facts | null {
  if (!isObject(document)) return null
  const orphans = isObject(document['orphans']) ? document['orphans'] : {}
  return {
    pairs: number(document['pairs']),
    orphans: { data: number(orphans['data']) ?? 0, labels: number(orphans['labels']) ?? 0 },
    sources: list(document['sources']).map(readSource),
    labels: readLabels(document['labels']),
  }
}

function readSource(entry: Record<string, unknown>): SourceFacts {
  const times = Array.isArray(entry['times']) ? entry['times'].map(text) : []
  const [first, last] = times
  return {
    suffix: text(entry['file_suffix']),
    files: number(entry['files']),
    sizes: several(entry['sizes'] ?? entry['size'], size),
    dtypes: several(entry['dtypes'] ?? entry['dtype'], text),
    crs: several(entry['crs'], text),
    resolutions: several(entry['resolution'] ?? entry['resolutions'], metres),
    nodata: several(entry['nodata'], text),
    compressions: several(entry['compression'] ?? entry['compressions'], text),
    bands: counted(entry['bands']),
    times: first === undefined || first === '' ? null : [first, last ?? first],
    values: Array.isArray(entry['values']) ? entry['values'].map(spread) : [],
  }
}

function readLabels(document: unknown): LabelFacts | null {
  if (!isObject(document)) return null
  return {
    suffix: text(document['file_suffix']),
    dtypes: several(document['dtypes'] ?? document['dtype'], text),
    values: valuesOf(document['values']),
  }
}

/** Class values with counts, as a list of objects or pairs, or as an object by value. */
function valuesOf(found: unknown): LabelFacts['values'] {
  const pairs = Array.isArray(found)
    ? found.map((each: unknown): unknown[] =>
        Array.isArray(each) ? each : isObject(each) ? [each['value'] ?? each['id'], each['count']] : [each],
      )
    : isObject(found)
      ? Object.entries(found)
      : []
  return pairs
    .flatMap(([value, pixels]) => {
      const read = number(value)
      return read === null ? [] : [{ value: read, count: number(pixels) }]
    })
    .sort((a, b) => a.value - b.value)
}

/** One or several of something, each once, none empty. */
function several(found: unknown, write: (value: unknown) => string): string[] {
  const isOne = !Array.isArray(found) || found.every((each) => typeof each === 'number')
  const values: unknown[] = isOne ? [found] : found
  return [...new Set(values.map(write).filter(Boolean))]
}

/** [width, height], or an object with them. */
function size(value: unknown): string {
  if (typeof value === 'string') return value
  const [width, height] = isObject(value)
    ? [value['width'], value['height']]
    : Array.isArray(value)
      ? (value as unknown[])
      : []
  const [across, down] = [number(width), number(height)]
  return across === null || down === null ? '' : `${across} × ${down}`
}

/** A resolution: one number, or across and down. */
function metres(value: unknown): string {
  const sides: unknown[] = Array.isArray(value) ? value : [value]
  const written = sides
    .map(number)
    .filter((side) => side !== null)
    .map(figure)
  return [...new Set(written)].join(' × ')
}

function counted(value: unknown): number | null {
  if (Array.isArray(value)) {
    const counts = new Set(value.map(number))
    return counts.size === 1 ? ([...counts][0] ?? null) : null
  }
  return number(value)
}

function spread(value: unknown): string | null {
  if (!isObject(value)) return null
  const [mean, std] = [number(value['mean']), number(value['std'])]
  return mean === null ? null : std === null ? figure(mean) : `${figure(mean)} ± ${figure(std)}`
}

/** A measured number in few digits: 0.163, 1,260, −10.9. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2)
  if (size >= 1000) return value.toLocaleString('en-GB', { maximumFractionDigits: 0 })
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3)))
}
