import { useQuery } from '@tanstack/react-query'
import { readUnfinished, type Unfinished, UPLOADS_KEY } from '@/uploads/unfinished'

/** What the server has of an upload; null when it knows none (a dataset was made of it, or it expired). */
export function useSentUpload(id: string | null) {
  return useQuery({
    queryKey: UPLOADS_KEY,
    queryFn: readUnfinished,
    enabled: id !== null,
    select: (uploads): Unfinished | null => uploads.find((each) => each.id === id) ?? null,
  })
}

/** Everything that is on the server and has no dataset. */
export function useSentUploads() {
  return useQuery({ queryKey: UPLOADS_KEY, queryFn: readUnfinished })
}
