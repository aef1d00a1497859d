import { plainHint } from './hints'

/** What the server says when it refuses or fails: the sentence, what to do, and a stable code. */
export interface Problem {
  code: string
  message: string
  hint: string
  findings: Finding[]
}

export interface Finding {
  severity: string
  code: string
  message: string
  hint: string
  subject: string
  count: number
  examples: string[]
}

export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.name = 'ApiError'
    this.status = status
    this.problem = { ...problem, hint: plainHint(problem.hint) }
  }
}

const ABSENT: Problem = {
  code: 'no_connection',
  message: 'The server does not answer.',
  hint: 'Check that it runs and that this computer reaches it. What you see may be old.',
  findings: [],
}

/** Any thrown thing as a problem that can be shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  if (error instanceof TypeError) return ABSENT
  const text = error instanceof Error ? error.message : String(error)
  return {
    code: 'page_fault',
    message: `This page has a fault: ${text}`,
    hint: 'Reload it. If it comes back, tell the people who run this server.',
    findings: [],
  }
}

export function isProblem(body: unknown): body is { error: Problem } {
  return typeof body === 'object' && body !== null && 'error' in body
}
