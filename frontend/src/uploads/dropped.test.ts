import type { PathFile } from './bundle'
import { type Entry, UnreadableChoice, walk } from './dropped'

function fileEntry(name: string): Entry {
  return {
    isFile: true,
    isDirectory: false,
    name,
    file: (done: (file: File) => void) => done(new File(['x'], name)),
  } as Entry
}

/** A folder that gives its entries as browsers do: some at a time, then none. */
function folderEntry(name: string, entries: Entry[], atATime = 100): Entry {
  return {
    isFile: false,
    isDirectory: true,
    name,
    createReader: () => {
      let place = 0
      return {
        readEntries: (done: (entries: Entry[]) => void) => {
          done(entries.slice(place, place + atATime))
          place += atATime
        },
      }
    },
  } as Entry
}

test('a folder of 250 files is read in batches until there are none left, deep ones included', async () => {
  const many = Array.from({ length: 250 }, (_, number) => fileEntry(`${number}.png`))
  const root = folderEntry('cells', [
    folderEntry('image', many),
    fileEntry('label.csv'),
    folderEntry('empty', []),
  ])
  const files: PathFile[] = []
  const seen: number[] = []
  await walk(root, '', files, (number) => seen.push(number))
  expect(files).toHaveLength(251)
  expect(files[0]?.path).toBe('cells/image/0.png')
  expect(files.at(-1)?.path).toBe('cells/label.csv')
  expect(seen).toEqual([100, 200])
})

test('what cannot be read is named', async () => {
  const entry = {
    isFile: true,
    isDirectory: false,
    name: 'a.png',
    file: (_: unknown, failed: (error: unknown) => void) => failed(new Error('NotReadableError')),
  } as Entry
  await expect(walk(folderEntry('cells', [entry]), '', [], () => undefined)).rejects.toThrow(UnreadableChoice)
  await expect(walk(folderEntry('cells', [entry]), '', [], () => undefined)).rejects.toThrow(
    'cells/a.png cannot be read on this computer.',
  )
})
