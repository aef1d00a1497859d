import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

/** One store of what the server said. What was refused is not asked again by itself; what failed is, twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})
