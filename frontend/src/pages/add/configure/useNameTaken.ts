import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

const TYPING_MS = 300
const ASKED = 100
/** Datasets of these states that never had a version make room for the next one of their name. */
const GIVEN_UP = ['failed', 'cancelled']

/** Whether a dataset that the person sees has that name; the server has the last word when it is created. */
export function useNameTaken(name: string): boolean {
  const [asked] = useDebouncedValue(name, TYPING_MS)
  const found = useQuery({
    queryKey: ['datasets', 'named', asked],
    enabled: asked !== '',
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/datasets', { params: { query: { search: asked, limit: ASKED } }, signal })),
    select: ({ items }) =>
      items.some((row) => row.name === asked && !(row.version === 0 && GIVEN_UP.includes(row.state))),
  })
  return asked === name && found.data === true
}
