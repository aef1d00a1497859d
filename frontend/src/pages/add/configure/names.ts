const LONGEST = 1000

/** Why a name cannot be that of a dataset; null where it can. The server judges by the same rules. */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'A dataset needs a name.'
  if (Array.from(name).length > LONGEST) return 'A name has 1,000 letters at most.'
  return /[\p{Cc}\p{Cs}]/u.test(name) ? 'The name holds control characters. Leave them out.' : null
}
