import { eachStretch, isIn, maskOf, pathOfMask } from './masks'

// Rows of pixels from the top.
const ROWS = ['0110', '0100', '1001']

/** The compression of maskApi.c, straight from its text. */
function compressed(runs: readonly number[]): string {
  let text = ''
  runs.forEach((run, index) => {
    let rest = index > 2 ? run - (runs[index - 2] ?? 0) : run
    for (let more = true; more;) {
      let bits = rest & 0x1f
      rest >>= 5
      more = (bits & 0x10) !== 0 ? rest !== -1 : rest !== 0
      if (more) bits |= 0x20
      text += String.fromCharCode(bits + 48)
    }
  })
  return text
}

function runsOf(rows: readonly string[]): number[] {
  const runs = [0]
  let last = '0'
  for (let x = 0; x < (rows[0] ?? '').length; x += 1) {
    for (const row of rows) {
      const pixel = row[x] ?? '0'
      if (pixel !== last) runs.push(0)
      last = pixel
      runs.push((runs.pop() ?? 0) + 1)
    }
  }
  return runs
}

const counts = compressed(runsOf(ROWS))

test('a mask is read column by column, pixels outside first', () => {
  const mask = maskOf({ size: [3, 4], counts })
  expect(mask).not.toBeNull()
  const seen = ROWS.map((row, y) =>
    Array.from(row, (_, x) => (mask && isIn(mask, x, y) ? '1' : '0')).join(''),
  )
  expect(seen).toEqual(ROWS)
  expect(mask && isIn(mask, 4, 0)).toBe(false)
  expect(mask && isIn(mask, -1, 0)).toBe(false)
})

test('long runs have several letters, and later ones are differences that may be negative', () => {
  const runs = [1000, 5000, 3, 4997, 90_000, 2, 500_000, 98_998]
  const mask = maskOf({ size: [1000, 700], counts: compressed(runs) })
  const ends = runs.map((_, index) => runs.slice(0, index + 1).reduce((a, b) => a + b))
  expect([...(mask?.ends ?? [])]).toEqual(ends)
})

test('a stretch ends with its column', () => {
  const mask = maskOf({ size: [3, 2], counts: compressed([1, 4, 1]) })
  const found: number[][] = []
  if (mask) eachStretch(mask, (...each) => found.push(each))
  expect(found).toEqual([
    [0, 1, 2],
    [1, 0, 2],
  ])
  expect(mask && pathOfMask(mask, 100)).toBe('M0 1h1v2h-1zM1 0h1v2h-1z')
  expect(mask && pathOfMask(mask, 1)).toBe('')
})

test.each([
  ['too few pixels', [3, 4], compressed([2, 3])],
  ['too many pixels', [3, 4], compressed([2, 30])],
  ['a negative run', [3, 4], compressed([2, 3, -1, 8])],
  ['letters that are none', [3, 4], 'é~'],
  ['a number without an end', [3, 4], 'ooooooooooooooo'],
  ['a number that is cut off', [3, 4], 'o'],
  ['a size that cannot be', [0, 4], compressed([0])],
  ['a size beyond all pictures', [1e9, 1e9], compressed([12])],
  ['no size', [], compressed([12])],
])('%s is no mask', (_, size, text) => {
  expect(maskOf({ size, counts: text })).toBeNull()
})
