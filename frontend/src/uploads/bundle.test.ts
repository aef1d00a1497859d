// @vitest-environment jsdom
import { bundleOf, inOrder } from './bundle'
import { chosenFiles, chosenPaths } from './chosen'

function file(name: string, text: string, lastModified = 1_700_000_000_000): File {
  return new File([text], name, { lastModified })
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await readBlob(blob))
}

/** jsdom's blobs lack arrayBuffer(). */
function readBlob(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as ArrayBuffer)
    reader.onerror = () => failed(new Error('unreadable'))
    reader.readAsArrayBuffer(blob)
  })
}

test('a bundle is mark, length, listing and files, byte for byte', async () => {
  const files = [
    { path: 'cells/image/a.png', file: file('a.png', 'PNG a') },
    { path: 'cells/image/empty.png', file: file('empty.png', '') },
    { path: 'cells/label.csv', file: file('label.csv', 'a.png,cat\n', 1_700_000_000_500) },
  ]
  const listing =
    '[["cells/image/a.png",5,1700000000000],["cells/image/empty.png",0,1700000000000],["cells/label.csv",10,1700000000500]]'
  const length = listing.length.toString(16).padStart(16, '0')
  const expected = `triptych folder 1\n${length}\n${listing}PNG aa.png,cat\n`
  const { blob } = await bundleOf(files, () => undefined)
  expect(new TextDecoder().decode(await bytesOf(blob))).toBe(expected)
})

test('the length counts bytes, not letters, and names stay as they are', async () => {
  const files = [{ path: '細胞/é "x"\\<b>.png', file: file('x.png', '1') }]
  const bytes = await bytesOf((await bundleOf(files, () => undefined)).blob)
  const text = new TextDecoder().decode(bytes)
  const length = parseInt(text.split('\n')[1] ?? '', 16)
  const listing = new TextDecoder().decode(bytes.slice(35, 35 + length))
  expect(JSON.parse(listing)).toEqual([['細胞/é "x"\\<b>.png', 1, 1_700_000_000_000]])
  expect(bytes.length).toBe(35 + length + 1)
})

test('half of a surrogate pair is escaped, so that the listing stays UTF-8', async () => {
  const { listing } = await bundleOf([{ path: 'a\ud800.png', file: file('x', '') }], () => undefined)
  expect(listing).toContain('a\\ud800.png')
})

test('many files are looked at some at a time, and come out the same', async () => {
  const files = Array.from({ length: 1_201 }, (_, n) => ({ path: `f/${n}`, file: file(`${n}`, `${n},`) }))
  const seen: number[] = []
  const { blob, listing } = await bundleOf(files, (number) => seen.push(number))
  expect(seen).toEqual([500, 1000, 1201])
  expect(listing).toBe(JSON.stringify(files.map((each) => [each.path, each.file.size, 1_700_000_000_000])))
  const text = new TextDecoder().decode(await bytesOf(blob))
  expect(text.endsWith(files.map((_, n) => `${n},`).join(''))).toBe(true)
})

test('the same folder in another order is the same choice', async () => {
  const a = { path: 'f/a', file: file('a', '1') }
  const b = { path: 'f/b', file: file('b', '22') }
  const [one, two] = await Promise.all([chosenPaths([a, b]), chosenPaths([b, a])])
  expect(one?.fingerprint).toBe(two?.fingerprint)
  expect(await bytesOf(one?.blob ?? new Blob())).toEqual(await bytesOf(two?.blob ?? new Blob()))
  expect(inOrder([b, a])).toEqual([a, b])
})

test('one loose file goes as it is; several are pictures; a folder keeps its name', async () => {
  const zip = file('smears.zip', 'PK')
  expect(await chosenFiles([zip])).toMatchObject({ name: 'smears.zip', kind: 'file', files: 1, blob: zip })
  expect(await chosenFiles([file('a.png', '1'), file('b.png', '2')])).toMatchObject({
    name: 'pictures',
    kind: 'folder',
    files: 2,
    type: 'application/x-triptych-folder',
  })
  expect(await chosenPaths([{ path: 'cells/a.png', file: file('a.png', '1') }])).toMatchObject({
    name: 'cells',
  })
  expect(
    await chosenPaths([
      { path: 'cells/a.png', file: file('a.png', '1') },
      { path: 'label.csv', file: file('label.csv', '2') },
    ]),
  ).toMatchObject({ name: 'pictures' })
  expect(await chosenFiles([])).toBeNull()
})

test('another size, name or time is another choice', async () => {
  const prints = await Promise.all(
    [file('a.zip', '1'), file('a.zip', '12'), file('b.zip', '1'), file('a.zip', '1', 1_600_000_000_000)].map(
      async (each) => (await chosenFiles([each]))?.fingerprint,
    ),
  )
  expect(new Set(prints).size).toBe(4)
  expect((await chosenFiles([file('a.zip', '1')]))?.fingerprint).toBe(prints[0])
  expect(prints[0]).toMatch(/^[0-9a-f]{24}$/)
})
