import type { DetailedError, HttpRequest, UploadOptions } from 'tus-js-client'
import { isProblem, type Problem } from '@/api/errors'
import type { Chosen } from './chosen'
import { Pace } from './pace'

export const ENDPOINT = '/api/v1/uploads'
/** Small enough for proxies that bound a request, large enough that the pause between two does not count. */
export const CHUNK_BYTES = 32 * 1024 * 1024
/** Seconds until the next attempt while the server is away. */
export const RETRY_SECONDS = [1, 2, 4, 8, 15, 30] as const
const LOCKED_RETRY_MS = 500
const LOCKED_RETRIES = 10
const TOLD_EVERY_MS = 200

export type Phase = 'uploading' | 'paused' | 'offline' | 'finished' | 'failed'

/** Where an upload stands; a new object with every change. */
export interface Progress {
  phase: Phase
  sent: number
  /** Bytes per second, and seconds for the rest; null while nobody can know. */
  rate: number | null
  secondsLeft: number | null
  /** While offline: when the next attempt begins, in ms since 1970. */
  retryAt: number | null
  problem: Problem | null
}

/** The part of a tus upload that is used here. */
export interface TusUpload {
  url: string | null
  start: () => void
  abort: () => Promise<void>
}

export type MakeUpload = (blob: Blob, options: UploadOptions) => TusUpload

interface TransferOptions {
  chosen: Chosen
  changed: (progress: Progress) => void
  /** The server has given the upload its id. */
  named: (id: string) => void
  make?: MakeUpload
}

// The client is loaded with the first upload.
let tus: MakeUpload | null = null

/** One upload on its way: begins, pauses, goes on, and waits out the absence of the server. */
export class Transfer {
  readonly chosen: Chosen
  /** The server's id; null while there is none. */
  id: string | null = null
  progress: Progress = {
    phase: 'uploading',
    sent: 0,
    rate: null,
    secondsLeft: null,
    retryAt: null,
    problem: null,
  }
  private readonly options: TransferOptions
  private readonly pace = new Pace()
  private upload: TusUpload | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private attempts = 0
  private locked = 0
  private toldAt = 0
  /** Rises with each start and stop; what an older one still reports does not count. */
  private run = 0

  constructor(options: TransferOptions) {
    this.options = options
    this.chosen = options.chosen
  }

  /** Go on with an upload that the server has `sent` bytes of; before `start`. */
  adopt(id: string, sent: number): void {
    this.id = id
    this.tell({ sent })
    this.options.named(id)
  }

  /** Begin, or go on from where the server stands. */
  start(): void {
    this.stop()
    this.pace.restart()
    this.tell({ phase: 'uploading', retryAt: null, problem: null, rate: null, secondsLeft: null })
    const make = this.options.make ?? tus
    if (make === null) void this.loadClient(this.run)
    else this.send(make, this.run)
  }

  private async loadClient(run: number): Promise<void> {
    try {
      tus = (await import('./tus')).makeUpload
    } catch {
      if (run === this.run) this.waitForServer()
      return
    }
    if (run === this.run) this.send(tus, run)
  }

  private send(make: MakeUpload, run: number): void {
    const ifCurrent =
      <A extends unknown[]>(act: (...given: A) => void) =>
      (...given: A) => {
        if (run === this.run) act(...given)
      }
    this.upload = make(this.chosen.blob, {
      // With an endpoint at hand the client would begin anew after any refusal, also that of a proxy.
      ...(this.id === null ? { endpoint: ENDPOINT } : { uploadUrl: `${ENDPOINT}/${this.id}` }),
      metadata: {
        filename: this.chosen.name,
        filetype: this.chosen.type,
        fingerprint: this.chosen.fingerprint,
        files: String(this.chosen.files),
      },
      headers: { 'X-Triptych': '1' },
      chunkSize: CHUNK_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: ifCurrent(() => this.takeName()),
      onProgress: ifCurrent((sent: number) => this.moved(sent)),
      onSuccess: ifCurrent(() => this.finish()),
      onError: ifCurrent((error: Error) => void this.fail(error, run)),
    })
    this.upload.start()
  }

  pause(): void {
    this.stop()
    this.tell({ phase: 'paused', retryAt: null, rate: null, secondsLeft: null })
  }

  /** Let go of the connection and of every timer. */
  stop(): void {
    this.run += 1
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    void this.upload?.abort().catch(() => undefined)
    this.upload = null
  }

  private takeName(): void {
    const id = this.upload?.url?.split('/').at(-1)
    if (this.id !== null || id === undefined) return
    this.id = id
    this.options.named(id)
  }

  private moved(sent: number): void {
    const now = Date.now()
    this.pace.add(now, sent)
    this.attempts = 0
    this.locked = 0
    if (now - this.toldAt < TOLD_EVERY_MS) {
      this.progress = { ...this.progress, sent }
      return
    }
    this.toldAt = now
    const rest = this.chosen.blob.size - sent
    this.tell({ sent, rate: this.pace.rate(now), secondsLeft: this.pace.secondsLeft(now, rest) })
  }

  private finish(): void {
    this.stop()
    this.tell({
      phase: 'finished',
      sent: this.chosen.blob.size,
      rate: null,
      secondsLeft: null,
      retryAt: null,
      problem: null,
    })
  }

  private async fail(error: Error, run: number): Promise<void> {
    const answer = answerOf(error)
    if (answer.status === 404 || answer.status === 410) {
      // It expired or was ended elsewhere; the bytes are here, so it begins anew.
      this.id = null
      this.progress = { ...this.progress, sent: 0 }
      this.later(LOCKED_RETRY_MS, false)
      return
    }
    if (isMoment(answer.status) && this.locked < LOCKED_RETRIES) {
      this.locked += 1
      this.later(LOCKED_RETRY_MS, false)
      return
    }
    if (!isAway(answer.status)) {
      this.stop()
      this.tell({ phase: 'failed', problem: answer.problem, rate: null, secondsLeft: null })
      return
    }
    const unreadable = await this.readFault()
    if (run !== this.run) return
    if (unreadable !== null) {
      this.stop()
      this.tell({ phase: 'failed', problem: unreadable, rate: null, secondsLeft: null })
      return
    }
    this.waitForServer()
  }

  private waitForServer(): void {
    const seconds = RETRY_SECONDS[Math.min(this.attempts, RETRY_SECONDS.length - 1)] ?? 30
    this.attempts += 1
    this.later(seconds * 1000, true)
  }

  /** Why the bytes that come next cannot be read here; a request with them fails as if the server were away. */
  private async readFault(): Promise<Problem | null> {
    const { blob, kind, name } = this.chosen
    const from = Math.min(this.progress.sent, blob.size)
    const stretch = Math.max(0, from - CHUNK_BYTES)
    try {
      await blob.slice(stretch, from + 1).arrayBuffer()
      return null
    } catch {
      return {
        code: 'file_changed',
        message: `${kind === 'folder' ? 'A file of ' : ''}${name} was changed, moved or removed on this computer.`,
        hint: 'Choose it again as it is now.',
        findings: [],
      }
    }
  }

  private later(milliseconds: number, isAwayNow: boolean): void {
    this.stop()
    if (isAwayNow) {
      const retryAt = Date.now() + milliseconds
      this.tell({ phase: 'offline', retryAt, rate: null, secondsLeft: null })
    }
    this.timer = setTimeout(() => this.start(), milliseconds)
  }

  private tell(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change }
    this.options.changed(this.progress)
  }
}

interface Answer {
  status: number
  problem: Problem
}

/** The server writes the upload for another request, or stands elsewhere: gone in a moment. */
function isMoment(status: number): boolean {
  return status === 409 || status === 423
}

/** No answer, or one of those that say that the server is not there for now. */
function isAway(status: number): boolean {
  return status === 0 || status === 423 || status === 409 || (status >= 502 && status <= 504)
}

function answerOf(error: Error): Answer {
  const response = 'originalResponse' in error ? (error as DetailedError).originalResponse : null
  const status = response?.getStatus() ?? statusOf(error)
  let body: unknown = null
  try {
    body = JSON.parse(response?.getBody() ?? 'null')
  } catch {
    body = null
  }
  if (isProblem(body)) return { status, problem: body.error }
  return {
    status,
    problem: {
      code: status === 0 ? 'upload_stopped' : `status_${status}`,
      message: status === 0 ? error.message : `The server answered the upload with status ${status}.`,
      hint: 'Try again in a moment.',
      findings: [],
    },
  }
}

/** 0 for a request without an answer; a fault of the client itself is none of a connection. */
function statusOf(error: Error): number {
  const request: HttpRequest | undefined =
    'originalRequest' in error ? (error as DetailedError).originalRequest : undefined
  return request === undefined ? -1 : 0
}
