import createClient from 'openapi-fetch'
import type { Readable } from 'openapi-typescript-helpers'
import { ApiError, isProblem } from './errors'
import type { components, paths } from './schema'

/** As answers have them. */
export type Schemas = Readable<components['schemas']>

/** The API, typed by its own description; every request says that it comes from our page. */
// Looked up at each call, so that tests and the page's own wrappers can stand in for it.
export const api = createClient<paths>({
  headers: { 'X-Triptych': '1' },
  querySerializer: { array: { style: 'form', explode: true } },
  fetch: (request) => globalThis.fetch(request),
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of an answer; ApiError when the server refused. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok) return data as T
  if (isProblem(error)) throw new ApiError(response.status, error.error)
  throw new ApiError(response.status, {
    code: `status_${response.status}`,
    message: `The server answered with status ${response.status}.`,
    hint: 'Try again in a moment.',
    findings: [],
  })
}

/** A request that the description has no types for (streams, text); the answer, or ApiError. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('X-Triptych', '1')
  const response = await globalThis.fetch(path, { ...init, headers })
  if (response.ok) return response
  const body: unknown = await response.json().catch(() => null)
  await unwrap(Promise.resolve({ error: body, response }))
  return response
}
