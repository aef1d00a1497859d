import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { toastProblem } from './toast'

/** Something that changes the server's lists: after it they are asked for again; what fails is a toast. */
export function useAct<Given, Answer>(
  act: (given: Given) => Promise<Answer>,
  refreshed: readonly QueryKey[],
  options: { quiet?: boolean } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => Promise.all(refreshed.map((queryKey) => client.invalidateQueries({ queryKey }))),
    onError: (error) => {
      if (options.quiet !== true) toastProblem(error)
    },
  })
}
