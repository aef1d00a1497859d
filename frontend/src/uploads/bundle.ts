import { breathe } from './reading'

/** A file and its path as the person chose it: "cells/image/a.png", or its name alone. */
export interface PathFile {
  path: string
  file: File
}

/** Files as one run of bytes, and the listing in front of them. */
export interface Bundle {
  blob: Blob
  listing: string
}

const MAGIC = 'triptych folder 1\n'
const LENGTH_DIGITS = 16
/** Files between two breaths of the page: the browser asks the disk about each, which takes its time. */
const AT_ONCE = 500

/**
 * A folder as docs/uploads-and-containers.md describes it; no file is read before its bytes are sent.
 * `seen` hears how many files have been looked at.
 */
export async function bundleOf(files: readonly PathFile[], seen: (files: number) => void): Promise<Bundle> {
  const rows: string[] = []
  const parts: Blob[] = []
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE)
    rows.push(...some.map(({ path, file }) => JSON.stringify([path, file.size, file.lastModified])))
    parts.push(new Blob(some.map(({ file }) => file)))
    if (files.length > AT_ONCE) {
      seen(start + some.length)
      await breathe()
    }
  }
  const listing = `[${rows.join(',')}]`
  return { blob: new Blob([frontOf(listing), ...parts]), listing }
}

/** What stands in front of the files: the mark, the length of the listing in bytes, the listing. */
function frontOf(listing: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(listing)
  const length = bytes.length.toString(16).padStart(LENGTH_DIGITS, '0')
  const head = new TextEncoder().encode(`${MAGIC}${length}\n`)
  const front = new Uint8Array(head.length + bytes.length)
  front.set(head)
  front.set(bytes, head.length)
  return front
}

/** In the order of their paths, so that the same folder gives the same bytes however it was chosen. */
export function inOrder(files: readonly PathFile[]): PathFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
