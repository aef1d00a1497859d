import type { Schemas } from '@/api/client'

export type Tag = Schemas['TagView']

/** A text that is cut off ends so; what follows is found by any text. */
const CUT = '…'
/** Values are compared at their first characters alone. */
const COMPARED = 64

/** TAG:VALUE as searches take it, which finds the items with the same value; null where there is none to ask for. */
export function searchFor({ tag, keyword, value }: Pick<Tag, 'tag' | 'keyword' | 'value'>): string | null {
  const [first = ''] = value.split('\\')
  const text = first.endsWith(CUT) ? `${first.slice(0, -CUT.length)}*` : first
  // A quote cannot stand in quotes; any text stands for it.
  const plain = text.trim().slice(0, COMPARED).replaceAll('"', '*')
  if (plain.replaceAll('*', '') === '') return null
  return `${keyword || tag}:${/\s/.test(plain) ? `"${plain}"` : plain}`
}

/** Tags of which the number, the keyword, the name or the value contains a text. */
export function tagsWith(tags: readonly Tag[], search: string): readonly Tag[] {
  const wanted = search.trim().toLowerCase()
  if (wanted === '') return tags
  return tags.filter((each) =>
    [each.tag, each.keyword, each.name, each.value].some((text) => text.toLowerCase().includes(wanted)),
  )
}
