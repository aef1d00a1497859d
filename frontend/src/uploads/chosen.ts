import { bundleOf, inOrder, type PathFile } from './bundle'
import { fingerprintOf } from './fingerprint'
import { tellReading } from './reading'

/** What a person chose to send: one file as it is, or several as a folder. */
export interface Chosen {
  name: string
  kind: 'file' | 'folder'
  files: number
  blob: Blob
  type: string
  /** The same for the same choice at another time. */
  fingerprint: string
}

/** What several files are called that have no folder in common. */
export const LOOSE_NAME = 'pictures'
export const FOLDER_TYPE = 'application/x-triptych-folder'

/** Files of a chooser; those of a folder carry their paths. */
export function chosenFiles(files: Iterable<File>): Promise<Chosen | null> {
  return chosenPaths(Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file })))
}

/** One loose file is sent as it is; everything else as a folder. Null for nothing. */
export async function chosenPaths(list: readonly PathFile[]): Promise<Chosen | null> {
  const [first] = list
  if (first === undefined) return null
  return list.length === 1 && !first.path.includes('/') ? single(first.file) : await folder(inOrder(list))
}

function single(file: File): Chosen {
  return {
    name: file.name,
    kind: 'file',
    files: 1,
    blob: file,
    type: file.type || 'application/octet-stream',
    fingerprint: fingerprintOf(['file', file.name, file.size, file.lastModified]),
  }
}

async function folder(files: PathFile[]): Promise<Chosen> {
  const name = commonFolder(files) ?? LOOSE_NAME
  try {
    const { blob, listing } = await bundleOf(files, (seen) =>
      tellReading({ files: seen, total: files.length }),
    )
    return {
      name,
      kind: 'folder',
      files: files.length,
      blob,
      type: FOLDER_TYPE,
      fingerprint: fingerprintOf(['folder', name, listing]),
    }
  } finally {
    tellReading(null)
  }
}

function commonFolder(files: readonly PathFile[]): string | null {
  const tops = new Set(files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')))
  const [top] = tops
  return tops.size === 1 && top !== undefined && top !== '' ? top : null
}
