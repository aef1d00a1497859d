import { useSyncExternalStore } from 'react'
import { ApiError } from '@/api/errors'
import { queryClient } from '@/api/queries'
import type { Chosen } from './chosen'
import { type MakeUpload, type Progress, Transfer } from './transfer'
import { endUpload, readUnfinished, sameAs, UPLOADS_KEY } from './unfinished'

/** An upload whose bytes this page holds. */
export interface UploadState extends Progress {
  /** Of this page alone; the server's `id` comes with the first answer. */
  key: number
  id: string | null
  chosen: Chosen
}

type Listener = () => void

const transfers = new Map<number, Transfer>()
const listeners = new Set<Listener>()
let snapshot: readonly UploadState[] = []
let lastKey = 0
let make: MakeUpload | undefined

function notify(): void {
  snapshot = [...transfers].map(([key, { id, chosen, progress }]) => ({ key, id, chosen, ...progress }))
  listeners.forEach((listener) => listener())
}

/** Hear of every change; call what is returned to hear no more. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Every upload of this page, in the order in which they began. */
export function uploadStates(): readonly UploadState[] {
  return snapshot
}

/** Begin an upload, or go on with the same one that the server has part of. The key of it in this page. */
export function beginUpload(chosen: Chosen): number {
  const running = snapshot.find((each) => each.chosen.fingerprint === chosen.fingerprint)
  if (running !== undefined) {
    if (running.phase !== 'finished') transfers.get(running.key)?.start()
    return running.key
  }
  lastKey += 1
  const key = lastKey
  const transfer = new Transfer({
    chosen,
    changed: notify,
    named: () => {
      notify()
      void queryClient.invalidateQueries({ queryKey: UPLOADS_KEY })
    },
    ...(make === undefined ? {} : { make }),
  })
  transfers.set(key, transfer)
  notify()
  void beginWhereItStood(transfer)
  return key
}

async function beginWhereItStood(transfer: Transfer): Promise<void> {
  try {
    const known = sameAs(transfer.chosen, await readUnfinished())
    if (known !== undefined) transfer.adopt(known.id, known.offset)
  } catch (error) {
    // A server that is away is the transfer's own business; one that refuses says why to the transfer, too.
    if (!(error instanceof ApiError || error instanceof TypeError)) throw error
  }
  const isWanted = transfer.progress.phase === 'uploading' && [...transfers.values()].includes(transfer)
  if (isWanted) transfer.start()
}

export function pauseUpload(key: number): void {
  transfers.get(key)?.pause()
}

/** Go on after a pause, a failure, or at once instead of when the time is up. */
export function continueUpload(key: number): void {
  transfers.get(key)?.start()
}

/** Stop it here and take its bytes off the server. */
export async function discardUpload(key: number): Promise<void> {
  const transfer = transfers.get(key)
  forgetUpload(key)
  if (transfer?.id != null) await endUpload(transfer.id)
}

/** Stop it here; what the server has stays there. */
export function forgetUpload(key: number): void {
  transfers.get(key)?.stop()
  transfers.delete(key)
  notify()
}

export function useUploads(): readonly UploadState[] {
  return useSyncExternalStore(subscribe, uploadStates)
}

/** The upload of this page that the server knows by that id. */
export function useUpload(id: string | null): UploadState | undefined {
  return useUploads().find((each) => id !== null && each.id === id)
}

/** For tests: another client of tus; nothing is left of the uploads before. */
export function resetUploads(other?: MakeUpload): void {
  for (const key of [...transfers.keys()]) forgetUpload(key)
  make = other
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => {
    for (const transfer of transfers.values()) if (transfer.progress.phase === 'offline') transfer.start()
  })
}
