import { api, request, type Schemas, unwrap } from '@/api/client'
import { queryClient } from '@/api/queries'
import { type Chosen, FOLDER_TYPE } from './chosen'

export type Unfinished = Schemas['UploadView']

export const UPLOADS_KEY = ['uploads'] as const

/** Own uploads of which no dataset was made yet, whole or not. */
export function readUnfinished(): Promise<Unfinished[]> {
  return unwrap(api.GET('/api/v1/uploads'))
}

/** The upload on the server that a choice is the same as, newest first. */
export function sameAs(chosen: Chosen, uploads: readonly Unfinished[]): Unfinished | undefined {
  return uploads.find(
    (each) => each.bytes === chosen.blob.size && each.metadata['fingerprint'] === chosen.fingerprint,
  )
}

/** How many files a person had chosen. */
export function filesOf(upload: Unfinished): number {
  return Number(upload.metadata['files'] ?? 1)
}

export function isFolder(upload: Unfinished): boolean {
  return upload.metadata['filetype'] === FOLDER_TYPE
}

/** End an upload; its bytes on the server go. */
export async function endUpload(id: string): Promise<void> {
  await request(`/api/v1/uploads/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { 'Tus-Resumable': '1.0.0' },
  })
  await queryClient.invalidateQueries({ queryKey: UPLOADS_KEY })
}
