import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, unwrap } from '@/api/client'
import { ApiError } from '@/api/errors'
import { type CheckOutcome, checkInRounds, requestsOf } from '@/uploads/check'
import type { Draft } from '@/uploads/drafts'
import type { Report, Wish } from '@/uploads/report'
import { type Source, sourceKey } from '@/uploads/sources'
import { useUpload } from '@/uploads/store'

const ASK_AGAIN_MS = 2_000
const CONNECT_AGAIN_MS = 3_000

export interface Check {
  /** What was found; while another wish is checked, what was found before. */
  report: Report | undefined
  /** The upload has to arrive further, or the file has to be chosen again, before there is a report. */
  lacks: 'bytes' | 'file' | null
  /** Why the source is refused, or why the check failed. */
  error: unknown
  busy: boolean
  /** The server does not answer; it is asked again by itself. */
  away: boolean
  retry: () => void
}

/** The check of a source under what is wished; runs while the upload does. */
export function useCheck(source: Source | null, draft: Draft): Check {
  const upload = useUpload(source?.kind === 'upload' ? source.id : null)
  const blob = upload?.chosen.blob ?? null
  const wish: Wish = { format: draft.format, options: draft.options }
  const query = useQuery({
    queryKey: ['check', source === null ? '' : sourceKey(source), wish],
    queryFn: ({ signal }) => checkSource(source, wish, blob, signal),
    enabled: source !== null && !draft.unchecked,
    staleTime: Infinity,
    retry: (_, error) => !(error instanceof ApiError && error.status < 500),
    retryDelay: CONNECT_AGAIN_MS,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.data?.kind === 'waiting' ? ASK_AGAIN_MS : false),
    placeholderData: (before, from) =>
      source !== null && from?.queryKey[1] === sourceKey(source) ? before : undefined,
  })
  const { refetch, data } = query
  const isFinished = upload?.phase === 'finished'
  const lacksFile = data?.kind === 'needs_file' && blob !== null
  const lacksBytes = data?.kind === 'waiting' && isFinished
  useEffect(() => {
    if (lacksFile || lacksBytes) void refetch()
  }, [lacksFile, lacksBytes, refetch])
  return {
    report: data?.kind === 'report' ? data.report : undefined,
    lacks: data?.kind === 'waiting' ? 'bytes' : data?.kind === 'needs_file' ? 'file' : null,
    error: query.error,
    busy: query.isFetching,
    away: query.isFetching && query.failureCount > 0,
    retry: () => void refetch(),
  }
}

async function checkSource(
  source: Source | null,
  wish: Wish,
  blob: Blob | null,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  if (source === null) return { kind: 'waiting' }
  if (source.kind === 'upload') return checkInRounds(requestsOf(source.id, wish), blob, signal)
  const body = { source, options: wish.options, ...(wish.format === null ? {} : { format: wish.format }) }
  const report = await unwrap(api.POST('/api/v1/prescan', { body, signal }))
  return { kind: 'report', report: report as unknown as Report }
}
