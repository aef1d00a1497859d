import { count } from '@/parts/format'
import type { Chip } from './model/stacks'
import { PARTS } from './parts'
import type { ColorBy } from './types'

interface LegendProps {
  by: ColorBy
  chips: readonly Chip[]
}

/** Classes that are told; the others are seen on the map, and in the card. */
const MOST_CLASSES = 6

/** What the colours of the map mean, with how many chips of each are in view. */
export function Legend({ by, chips }: LegendProps) {
  const lines = by === 'part' ? partLines(chips) : classLines(chips)
  if (lines.length === 0) return null
  const rest = lines.slice(MOST_CLASSES).reduce((sum, { items }) => sum + items, 0)
  return (
    <ul className="map-legend" aria-label={by === 'part' ? 'Split' : 'Class of most pixels'}>
      {lines.slice(0, MOST_CLASSES).map(({ name, color, items }) => (
        <li key={name} className="row s12">
          <span className="sq" style={{ background: color }} />
          <bdi className="el">{name}</bdi>
          <span className="m3 num-tab">{count(items)}</span>
        </li>
      ))}
      {rest > 0 && <li className="s12 m3">{count(rest)} of other classes</li>}
    </ul>
  )
}

interface Line {
  name: string
  color: string
  items: number
}

function partLines(chips: readonly Chip[]): Line[] {
  const lines: Line[] = PARTS.map(([part, name]) => ({
    name,
    color: `var(--${part})`,
    items: chips.filter((chip) => chip.part === part).length,
  }))
  const outside = chips.length - lines.reduce((sum, { items }) => sum + items, 0)
  return outside > 0
    ? [...lines, { name: 'Outside the split', color: 'var(--ink-3)', items: outside }]
    : lines
}

function classLines(chips: readonly Chip[]): Line[] {
  const lines = new Map<string, Line>()
  for (const chip of chips) {
    const name = chip.class ?? 'Without a class'
    const known = lines.get(name)
    if (known === undefined) lines.set(name, { name, color: chip.color ?? 'var(--ink-3)', items: 1 })
    else known.items += 1
  }
  return [...lines.values()].sort((a, b) => b.items - a.items)
}
