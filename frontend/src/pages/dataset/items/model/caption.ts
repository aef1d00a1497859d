import { commonPrefix } from '@/parts/format'

/** What the names have in common, learned page by page: it only becomes shorter. Null: nothing is known yet. */
export function shorterPrefix(known: string | null, keys: readonly string[]): string | null {
  const [first] = keys
  if (first === undefined) return known
  if (known === null) return commonPrefix(keys)
  if (keys.every((key) => key.startsWith(known))) return known
  return commonPrefix([known, ...keys])
}

export interface Caption {
  /** Whether something stands before the text. */
  cut: boolean
  text: string
}

export function captionOf(key: string, prefix: string | null): Caption {
  if (prefix === null || prefix === '' || !key.startsWith(prefix) || key === prefix) {
    return { cut: false, text: key }
  }
  return { cut: true, text: key.slice(prefix.length) }
}

const PARTS: Record<string, { short: string; word: string }> = {
  train: { short: 'Tr', word: 'Train' },
  validation: { short: 'Va', word: 'Validation' },
  test: { short: 'Te', word: 'Test' },
}

/** A part of the split in two letters and in words; null outside the split. */
export function partOf(part: string | null): { short: string; word: string } | null {
  return part === null ? null : (PARTS[part] ?? { short: part.slice(0, 2), word: part })
}
