import { api, request, unwrap } from '@/api/client'
import type { Report, Wish } from './report'

/** Bytes from the first up to and without the second. */
export type Range = readonly [start: number, end: number]

export interface CheckAnswer {
  wanted: Range[]
  report: Report | null
  waiting: boolean
}

/** How a check stands: the report, or what has to come before it can go on. */
export type CheckOutcome =
  | { kind: 'report'; report: Report }
  /** More of the upload has to arrive. */
  | { kind: 'waiting' }
  /** The server asks for bytes that only the person's file has, and the page does not hold it. */
  | { kind: 'needs_file' }

/** The two requests that a check is made of. */
export interface CheckRequests {
  ask: (signal: AbortSignal) => Promise<CheckAnswer>
  send: (body: Blob, signal: AbortSignal) => Promise<void>
}

/** Bytes of ranges in one request; the line that lists them comes on top. */
const REQUEST_BYTES = 8 * 1024 * 1024
const RANGES_IN_LINE = 5_000
const MOST_ROUNDS = 500

/** Ask, send what is wanted, ask again, until there is a report or nothing that can be sent. */
export async function checkInRounds(
  requests: CheckRequests,
  blob: Blob | null,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const answer = await requests.ask(signal)
    if (answer.report !== null) return { kind: 'report', report: answer.report }
    if (answer.waiting || answer.wanted.length === 0) return { kind: 'waiting' }
    if (blob === null) return { kind: 'needs_file' }
    for (const batch of inBatches(answer.wanted)) await requests.send(bodyOf(batch, blob), signal)
  }
  return { kind: 'waiting' }
}

/** Ranges in the order in which they were asked for, as many in each batch as one request may hold. */
export function inBatches(wanted: readonly Range[]): Range[][] {
  const batches: Range[][] = []
  let size = 0
  for (const range of wanted) {
    const length = range[1] - range[0]
    const last = batches.at(-1)
    if (last === undefined || size + length > REQUEST_BYTES || last.length >= RANGES_IN_LINE) {
      batches.push([range])
      size = length
    } else {
      last.push(range)
      size += length
    }
  }
  return batches
}

/** A line that lists the ranges, and their bytes behind it. */
export function bodyOf(batch: readonly Range[], blob: Blob): Blob {
  return new Blob([`${JSON.stringify(batch)}\n`, ...batch.map(([start, end]) => blob.slice(start, end))])
}

/** The check of an upload that is on its way or whole. */
export function requestsOf(upload: string, wish: Wish): CheckRequests {
  return {
    ask: async (signal) => {
      const answer = await unwrap(
        api.POST('/api/v1/uploads/{upload}/check', {
          params: { path: { upload } },
          body: { options: wish.options, ...(wish.format === null ? {} : { format: wish.format }) },
          signal,
        }),
      )
      return {
        wanted: answer.wanted.map(([start = 0, end = 0]): Range => [start, end]),
        report: answer.report as Report | null,
        waiting: answer.waiting,
      }
    },
    send: async (body, signal) => {
      await request(`/api/v1/uploads/${encodeURIComponent(upload)}/ranges`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/offset+octet-stream' },
        body,
        signal,
      })
    },
  }
}
