// @vitest-environment jsdom
import { bodyOf, checkInRounds, type CheckAnswer, type CheckRequests, inBatches, type Range } from './check'
import type { Report } from './report'

const REPORT = { format: 'image_label' } as Report
const MiB = 1024 * 1024
const never = new AbortController().signal

/** A server that wants what it is told to want, round by round, and notes what it was sent. */
function server(rounds: CheckAnswer[]): CheckRequests & { sent: Blob[]; asked: number } {
  const requests = {
    sent: [] as Blob[],
    asked: 0,
    ask: () => {
      requests.asked += 1
      return Promise.resolve(rounds.shift() ?? { wanted: [], report: null, waiting: true })
    },
    send: (body: Blob) => {
      requests.sent.push(body)
      return Promise.resolve()
    },
  }
  return requests
}

function wants(...wanted: Range[]): CheckAnswer {
  return { wanted, report: null, waiting: false }
}

async function text(blob: Blob): Promise<string> {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as string)
    reader.readAsText(blob)
  })
}

test('the ranges that the server asks for are sent, and it is asked again until it reports', async () => {
  const blob = new Blob(['0123456789'])
  const requests = server([
    wants([6, 10]),
    wants([0, 2], [4, 5]),
    { wanted: [], report: REPORT, waiting: false },
  ])
  const outcome = await checkInRounds(requests, blob, never)
  expect(outcome).toEqual({ kind: 'report', report: REPORT })
  expect(requests.asked).toBe(3)
  expect(await Promise.all(requests.sent.map(text))).toEqual(['[[6,10]]\n6789', '[[0,2],[4,5]]\n014'])
})

test('where nothing can be said yet the round ends', async () => {
  expect(await checkInRounds(server([]), new Blob(['x']), never)).toEqual({ kind: 'waiting' })
})

test('without the file what is wanted cannot be sent', async () => {
  const requests = server([wants([0, 2])])
  expect(await checkInRounds(requests, null, never)).toEqual({ kind: 'needs_file' })
  expect(requests.sent).toEqual([])
})

test('a report needs no file', async () => {
  const requests = server([{ wanted: [], report: REPORT, waiting: false }])
  expect(await checkInRounds(requests, null, never)).toEqual({ kind: 'report', report: REPORT })
})

test('a server that asks for ever is not obeyed for ever', async () => {
  const requests = { ...server([]), ask: () => Promise.resolve(wants([0, 1])), send: () => Promise.resolve() }
  expect(await checkInRounds(requests, new Blob(['x']), never)).toEqual({ kind: 'waiting' })
})

test('a request holds eight mebibytes and so many ranges at most, in the order asked', () => {
  const large = Array.from({ length: 5 }, (_, number): Range => [number * 4 * MiB, (number + 1) * 4 * MiB])
  expect(inBatches(large).map((batch) => batch.length)).toEqual([2, 2, 1])
  const small = Array.from({ length: 12_000 }, (_, number): Range => [number * 100, number * 100 + 30])
  const batches = inBatches(small)
  expect(batches.map((batch) => batch.length)).toEqual([5_000, 5_000, 2_000])
  expect(batches.flat()).toEqual(small)
  for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(256 * 1024)
  expect(inBatches([])).toEqual([])
})

test('the line of ranges stands in front of their bytes', async () => {
  expect(await text(bodyOf([[1, 3]], new Blob(['abcdef'])))).toBe('[[1,3]]\nbc')
})
