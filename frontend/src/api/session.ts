import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from './client'
import { ApiError } from './errors'

export type Session = Schemas['SessionView']
export type Role = Session['user']['role']

const KEY = ['session']

export const sessionQuery = queryOptions({
  queryKey: KEY,
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await unwrap(api.GET('/api/v1/session'))
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
})

/** Who is signed in; null for nobody. */
export function useSession() {
  return useQuery(sessionQuery)
}

/** Sign out here, and forget everything that was shown. */
export function useSignOut() {
  const client = useQueryClient()
  return async () => {
    await unwrap(api.DELETE('/api/v1/session'))
    client.setQueryData(KEY, null)
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] })
  }
}

export function useRememberSession() {
  const client = useQueryClient()
  return (session: Session) => client.setQueryData(KEY, session)
}
