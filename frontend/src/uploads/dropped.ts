import { type Chosen, chosenPaths } from './chosen'
import type { PathFile } from './bundle'
import { tellReading } from './reading'

/** What the walk needs of a FileSystemEntry. */
export interface Entry {
  isFile: boolean
  isDirectory: boolean
  name: string
}

interface FileEntry extends Entry {
  file: (done: (file: File) => void, failed: (error: unknown) => void) => void
}

interface FolderEntry extends Entry {
  createReader: () => {
    readEntries: (done: (entries: Entry[]) => void, failed: (e: unknown) => void) => void
  }
}

/** What was dropped; folders are walked whole. */
export async function chosenFromDrop(transfer: DataTransfer): Promise<Chosen | null> {
  // The transfer is empty once the event is over, so the entries are taken before anything is awaited.
  const taken = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const files: PathFile[] = []
  try {
    for (const { entry, file } of taken) {
      if (entry !== null) await walk(entry, '', files, (seen) => tellReading({ files: seen, total: null }))
      else if (file !== null) files.push({ path: file.name, file })
    }
    return await chosenPaths(files)
  } finally {
    tellReading(null)
  }
}

const TOLD_EVERY = 100

/** All files below an entry, with their paths. */
export async function walk(
  entry: Entry,
  above: string,
  files: PathFile[],
  seen: (files: number) => void,
): Promise<void> {
  const path = above + entry.name
  if (entry.isFile) {
    files.push({ path, file: await fileOf(entry as FileEntry, path) })
    if (files.length % TOLD_EVERY === 0) seen(files.length)
    return
  }
  const reader = (entry as FolderEntry).createReader()
  for (;;) {
    // Browsers give a hundred entries at a time, and an empty list at the end.
    const entries = await new Promise<Entry[]>((done, failed) =>
      reader.readEntries(done, (error) => failed(unreadable(path, error))),
    )
    if (entries.length === 0) return
    for (const each of entries) await walk(each, `${path}/`, files, seen)
  }
}

function fileOf(entry: FileEntry, path: string): Promise<File> {
  return new Promise((done, failed) => entry.file(done, (error) => failed(unreadable(path, error))))
}

export class UnreadableChoice extends Error {
  override name = 'UnreadableChoice'
}

function unreadable(path: string, error: unknown): UnreadableChoice {
  return new UnreadableChoice(`${path} cannot be read on this computer.`, { cause: error })
}
