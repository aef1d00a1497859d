import { count, visibleEnd } from '@/parts/format'
import type { Field } from './filters'

const WORDS: Partial<Record<Field, Record<string, string>>> = {
  part: { train: 'Train', validation: 'Validation', test: 'Test' },
  duplicates: { exact: 'Identical', near: 'Nearly the same', none: 'No duplicate' },
}

/** What a value of a field is called; the facets know the names of classes and findings. */
export function nameOfValue(
  field: Field,
  value: string,
  known: readonly { value: string; label: string }[] = [],
): string {
  if (field === 'bit_depth') return `${value} bit`
  if (field === 'size') {
    return value
      .split(/[x×]/)
      .map((side) => count(Number(side)))
      .join(' × ')
  }
  const label = known.find((each) => each.value === value)?.label ?? value
  return visibleEnd(WORDS[field]?.[value] ?? label)
}
