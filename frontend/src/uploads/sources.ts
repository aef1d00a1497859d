/** Where data comes from, as the wizard's address names it and the API takes it. */
export type Source =
  { kind: 'upload'; id: string } | { kind: 'url'; url: string } | { kind: 'root'; root: string; path: string }

/** The text that tells sources apart. */
export function sourceKey(source: Source): string {
  if (source.kind === 'upload') return `upload ${source.id}`
  return source.kind === 'url' ? `url ${source.url}` : `root ${source.root}/${source.path}`
}

/** The source in an address's parameters; null for none. */
export function sourceIn(parameters: URLSearchParams): Source | null {
  const upload = parameters.get('upload')
  if (upload !== null) return { kind: 'upload', id: upload }
  const url = parameters.get('url')
  if (url !== null) return { kind: 'url', url }
  const root = parameters.get('root')
  return root === null ? null : { kind: 'root', root, path: parameters.get('path') ?? '' }
}

/** The parameters of an address that stands for a source. */
export function parametersOf(source: Source): Record<string, string> {
  if (source.kind === 'upload') return { upload: source.id }
  return source.kind === 'url' ? { url: source.url } : { root: source.root, path: source.path }
}

const ARCHIVE_ENDINGS = [
  '.tar.gz',
  '.tar.bz2',
  '.tar.xz',
  '.tar.zst',
  '.tgz',
  '.tbz2',
  '.txz',
  '.zip',
  '.tar',
]

/** What a dataset is called unless its person says otherwise: the file's name without its ending. */
export function nameOf(filename: string): string {
  const lowered = filename.toLowerCase()
  const ending = ARCHIVE_ENDINGS.find((each) => lowered.endsWith(each) && filename.length > each.length)
  return ending === undefined ? filename : filename.slice(0, -ending.length)
}
