import { useInfiniteQuery } from '@tanstack/react-query'

interface Page<T> {
  items: T[]
  next?: string | null
}

/** A list of the server's, page by page; `items` are those of all pages that were asked for. */
export function usePages<T>(
  key: readonly unknown[],
  ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
) {
  const pages = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    getNextPageParam: (page: Page<T>) => page.next ?? undefined,
  })
  return { ...pages, items: pages.data?.pages.flatMap((page) => page.items) ?? [] }
}
