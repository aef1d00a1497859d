/** A file and its path as the person chose it: "cells/image/a.png", or its name alone. */
export interface PathFile {
  path: string
  file: File
}

const MAGIC = 'triptych folder 1\n'
const LENGTH_DIGITS = 16

/** What stands in front of the files of a folder that is sent as one run of bytes; see docs/uploads-and-containers.md. */
export function frontOf(files: readonly PathFile[]): Uint8Array<ArrayBuffer> {
  const listing = new TextEncoder().encode(listingOf(files))
  const head = new TextEncoder().encode(
    `${MAGIC}${listing.length.toString(16).padStart(LENGTH_DIGITS, '0')}\n`,
  )
  const front = new Uint8Array(head.length + listing.length)
  front.set(head)
  front.set(listing, head.length)
  return front
}

/** The listing: path, size in bytes and time of change in ms since 1970 of each file. */
export function listingOf(files: readonly PathFile[]): string {
  return JSON.stringify(files.map(({ path, file }) => [path, file.size, file.lastModified]))
}

/** Listing and files as one blob; no file is read before its bytes are sent. */
export function bundleOf(files: readonly PathFile[]): Blob {
  return new Blob([frontOf(files), ...files.map(({ file }) => file)])
}

/** In the order of their paths, so that the same folder gives the same bytes however it was chosen. */
export function inOrder(files: readonly PathFile[]): PathFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
