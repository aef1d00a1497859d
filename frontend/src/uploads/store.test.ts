// @vitest-environment jsdom
import type { UploadOptions } from 'tus-js-client'
import { type Chosen, chosenFiles } from './chosen'
import {
  beginUpload,
  continueUpload,
  discardUpload,
  pauseUpload,
  resetUploads,
  type UploadState,
  uploadStates,
} from './store'
import type { MakeUpload, TusUpload } from './transfer'

interface Fake extends TusUpload {
  options: UploadOptions
  aborted: boolean
}

let made: Fake[] = []
const server = vi.hoisted(() => ({ listed: [] as unknown[], ended: [] as string[] }))

vi.mock('./unfinished', async (original) => ({
  ...(await original<typeof import('./unfinished')>()),
  readUnfinished: () => Promise.resolve(server.listed),
  endUpload: (id: string) => {
    server.ended.push(id)
    return Promise.resolve()
  },
}))

const make: MakeUpload = (_, options) => {
  const fake: Fake = {
    url: options.uploadUrl ?? null,
    options,
    aborted: false,
    start: () => undefined,
    abort: () => {
      fake.aborted = true
      return Promise.resolve()
    },
  }
  made.push(fake)
  return fake
}

beforeEach(() => {
  vi.useFakeTimers()
  made = []
  server.listed = []
  server.ended = []
  resetUploads(make)
})

afterEach(() => {
  resetUploads()
  vi.useRealTimers()
})

let smears: Chosen

beforeAll(async () => {
  const file = new File(['0123456789'], 'smears.zip', { lastModified: 1_700_000_000_000 })
  const chosen = await chosenFiles([file])
  if (chosen === null) throw new Error('nothing chosen')
  smears = chosen
})

function state(): UploadState {
  const [first] = uploadStates()
  if (first === undefined) throw new Error('no upload')
  return first
}

function latest(): Fake {
  const fake = made.at(-1)
  if (fake === undefined) throw new Error('nothing was started')
  return fake
}

async function begin(): Promise<number> {
  const key = beginUpload(smears)
  await vi.advanceTimersByTimeAsync(0)
  return key
}

function failWith(status: number | null, body: object | null = null): void {
  const error = Object.assign(new Error('no answer'), {
    originalRequest: {},
    originalResponse:
      status === null ? null : { getStatus: () => status, getBody: () => JSON.stringify(body) },
  })
  latest().options.onError?.(error)
}

test('a new choice is created at the endpoint, with its name and fingerprint, as a request of our page', async () => {
  await begin()
  expect(latest().options).toMatchObject({
    endpoint: '/api/v1/uploads',
    headers: { 'X-Triptych': '1' },
    retryDelays: null,
    metadata: { filename: 'smears.zip', fingerprint: smears.fingerprint, files: '1' },
  })
  expect(latest().options.uploadUrl).toBeUndefined()
  latest().url = 'http://x/api/v1/uploads/abc'
  latest().options.onUploadUrlAvailable?.()
  expect(state()).toMatchObject({ id: 'abc', phase: 'uploading' })
})

test('the same choice after a reload goes on where the server stands', async () => {
  const { fingerprint } = smears
  server.listed = [
    { id: 'other', filename: 'smears.zip', bytes: 10, offset: 1, metadata: { fingerprint: 'another' } },
    { id: 'longer', filename: 'smears.zip', bytes: 11, offset: 2, metadata: { fingerprint } },
    { id: 'mine', filename: 'smears.zip', bytes: 10, offset: 6, metadata: { fingerprint } },
  ]
  await begin()
  expect(state()).toMatchObject({ id: 'mine', sent: 6 })
  expect(latest().options.uploadUrl).toBe('/api/v1/uploads/mine')
  // With an endpoint the client would begin anew after any refusal on the way.
  expect(latest().options.endpoint).toBeUndefined()
})

test('choosing what is on its way already begins nothing', async () => {
  const key = await begin()
  pauseUpload(key)
  expect(beginUpload(smears)).toBe(key)
  expect(uploadStates()).toHaveLength(1)
  expect(state().phase).toBe('uploading')
})

test('a pause ends the connection, and going on starts from the server again', async () => {
  const key = await begin()
  latest().url = '/api/v1/uploads/abc'
  latest().options.onUploadUrlAvailable?.()
  latest().options.onProgress?.(4, 10)
  pauseUpload(key)
  expect(latest().aborted).toBe(true)
  expect(state()).toMatchObject({ phase: 'paused', sent: 4 })
  latest().options.onProgress?.(9, 10)
  expect(state().sent).toBe(4)
  continueUpload(key)
  expect(latest().options.uploadUrl).toBe('/api/v1/uploads/abc')
  expect(state().phase).toBe('uploading')
})

test('while the server is away it is tried again, after ever longer times, and goes on by itself', async () => {
  await begin()
  const waits: number[] = []
  for (const status of [null, 502, 503, 504, null, null, null]) {
    const before = made.length
    failWith(status)
    await vi.advanceTimersByTimeAsync(0)
    expect(state().phase).toBe('offline')
    const wait = (state().retryAt ?? 0) - Date.now()
    waits.push(wait / 1000)
    expect(made).toHaveLength(before)
    await vi.advanceTimersByTimeAsync(wait)
    expect(made).toHaveLength(before + 1)
    expect(state().phase).toBe('uploading')
  }
  expect(waits).toEqual([1, 2, 4, 8, 15, 30, 30])
  latest().options.onProgress?.(1, 10)
  failWith(null)
  await vi.advanceTimersByTimeAsync(0)
  expect((state().retryAt ?? 0) - Date.now()).toBe(1000)
})

test('when the computer is online again nobody waits for the time to be up', async () => {
  await begin()
  failWith(null)
  await vi.advanceTimersByTimeAsync(0)
  window.dispatchEvent(new Event('online'))
  expect(state().phase).toBe('uploading')
  expect(made).toHaveLength(2)
})

test('a lock that another request holds for a moment is no absence', async () => {
  await begin()
  failWith(423, { error: { code: 'upload_locked' } })
  await vi.advanceTimersByTimeAsync(100)
  expect(state().phase).toBe('uploading')
  await vi.advanceTimersByTimeAsync(500)
  expect(made).toHaveLength(2)
})

test('a refusal stops it, in the words of the server', async () => {
  await begin()
  failWith(413, { error: { code: 'quota_exceeded', message: 'Full.', hint: 'Delete.', findings: [] } })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(state()).toMatchObject({ phase: 'failed', problem: { code: 'quota_exceeded', message: 'Full.' } })
  expect(made).toHaveLength(1)
})

test('an upload that expired begins anew', async () => {
  const { fingerprint } = smears
  server.listed = [{ id: 'old', filename: 'smears.zip', bytes: 10, offset: 6, metadata: { fingerprint } }]
  await begin()
  failWith(410, { error: { code: 'upload_expired' } })
  await vi.advanceTimersByTimeAsync(1000)
  expect(latest().options).toMatchObject({ endpoint: '/api/v1/uploads' })
  expect(latest().options.uploadUrl).toBeUndefined()
})

test('the end is told once all bytes are there', async () => {
  await begin()
  latest().options.onSuccess?.({ lastResponse: {} as never })
  expect(state()).toMatchObject({ phase: 'finished', sent: 10, secondsLeft: null })
})

test('discarding takes the bytes off the server', async () => {
  const key = await begin()
  latest().url = '/api/v1/uploads/abc'
  latest().options.onUploadUrlAvailable?.()
  await discardUpload(key)
  expect(uploadStates()).toEqual([])
  expect(server.ended).toEqual(['abc'])
})
