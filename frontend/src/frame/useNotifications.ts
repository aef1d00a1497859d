import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/api/client'

export type Notification = Schemas['NotificationView']

const PAGE = 20
const KEY = ['notifications']

/** What happened, newest first; `read` marks all that are loaded. */
export function useNotifications() {
  const client = useQueryClient()
  const pages = useInfiniteQuery({
    queryKey: KEY,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/notifications', { params: { query: { limit: PAGE, after: pageParam } }, signal }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const unread = pages.data?.pages[0]?.unread ?? 0
  const mark = useMutation({
    mutationFn: (until: Notification['id']) =>
      unwrap(api.POST('/api/v1/notifications/read', { body: { until } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
  const newest = items[0]
  return { ...pages, items, unread, read: () => newest !== undefined && mark.mutate(newest.id) }
}
