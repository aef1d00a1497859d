import type { Schemas } from '@/api/client'

type Finding = Schemas['FindingRow']

/** The findings that a version has and the one before it had not. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const known = new Set(before.map(keyOf))
  return after.filter((finding) => !known.has(keyOf(finding)))
}

function keyOf({ code, subject, message, count, examples }: Finding): string {
  return JSON.stringify([code, subject, message, count, examples])
}
