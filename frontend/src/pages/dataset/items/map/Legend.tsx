import { Switch } from '@mantine/core'
import { PARTS } from './parts'
import type { ColorBy, Footprints } from './types'

interface LegendProps {
  by: ColorBy
  setBy: (by: ColorBy) => void
  pictures: 'on' | 'off'
  setPictures: (pictures: 'on' | 'off') => void
  footprints: Footprints | undefined
}

/** Classes that are told; the others are seen on the map, and in the card. */
const MOST_CLASSES = 8

/** What the colours of the map mean, and what it shows. */
export function Legend({ by, setBy, pictures, setPictures, footprints }: LegendProps) {
  const features = footprints?.features ?? []
  const classes = new Map<string, { color: string | null; items: number }>()
  for (const { properties } of by === 'class' ? features : []) {
    const name = properties.class ?? 'without a class'
    const known = classes.get(name)
    classes.set(name, { color: properties.color, items: (known?.items ?? 0) + 1 })
  }
  const most = [...classes].sort((a, b) => b[1].items - a[1].items).slice(0, MOST_CLASSES)
  return (
    <section className="map-legend" aria-label="Legend">
      <label className="row s12">
        <span className="m3">Colour by</span>
        <select
          className="in sm grow"
          value={by}
          onChange={({ currentTarget }) => setBy(currentTarget.value === 'class' ? 'class' : 'part')}
        >
          <option value="part">split</option>
          <option value="class">class</option>
        </select>
      </label>
      <ul>
        {by === 'part'
          ? PARTS.map(([part, word]) => (
              <li key={part} className="row s12">
                <span className="sq" style={{ background: `var(--${part})` }} />
                {word}
              </li>
            ))
          : most.map(([name, { color }]) => (
              <li key={name} className="row s12">
                <span className="sq" style={{ background: color ?? 'var(--ink-3)' }} />
                <bdi className="el">{name}</bdi>
              </li>
            ))}
        {classes.size > most.length && <li className="s12 m3">{classes.size - most.length} more</li>}
      </ul>
      <Switch
        label="Pictures"
        checked={pictures === 'on'}
        onChange={({ currentTarget }) => setPictures(currentTarget.checked ? 'on' : 'off')}
      />
    </section>
  )
}
