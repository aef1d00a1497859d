import { Checkbox, TextInput } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { count } from './format'

export interface FacetValue {
  value: string
  label: string
  count: number
  /** False: at least so many. */
  exact?: boolean
  color?: string | undefined
}

export interface FacetProps {
  title: string
  values: readonly FacetValue[]
  chosen: ReadonlySet<string>
  toggle: (value: string) => void
  note?: string
}

const SHOWN_AT_FIRST = 8
const SEARCH_FROM = 20

/** Values of one facet with their counts; several of them are OR. */
export function Facet({ title, values, chosen, toggle, note }: FacetProps) {
  const [open, setOpen] = useState(true)
  const [whole, setWhole] = useState(false)
  const [search, setSearch] = useState('')
  if (values.length === 0) return null
  const found = values.filter((each) => each.label.toLowerCase().includes(search.toLowerCase()))
  const shown = whole || search !== '' ? found : found.slice(0, SHOWN_AT_FIRST)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <section className="facet">
      <h3>
        <button type="button" className="plain row grow" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="grow">{title}</span>
          <Chevron size={14} stroke={1.7} aria-hidden />
        </button>
      </h3>
      {open && values.length >= SEARCH_FROM && (
        <TextInput
          size="xs"
          aria-label={`Search ${title.toLowerCase()}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {open &&
        shown.map((each) => (
          <FacetLine
            key={each.value}
            {...each}
            on={chosen.has(each.value)}
            toggle={() => toggle(each.value)}
          />
        ))}
      {open && shown.length < found.length && (
        <button type="button" className="plain acc s12 facet-more" onClick={() => setWhole(true)}>
          {count(found.length - shown.length)} more
        </button>
      )}
      {open && note !== undefined && <div className="m3 s11 facet-note">{note}</div>}
    </section>
  )
}

function FacetLine(props: FacetValue & { on: boolean; toggle: () => void }) {
  const { label, color, exact = true, on, toggle } = props
  return (
    <label className={`fv ${on ? 'on' : ''} ${props.count === 0 ? 'zero' : ''}`}>
      <Checkbox checked={on} onChange={toggle} />
      {color !== undefined && <span className="sq" style={{ background: color }} />}
      <bdi className="el">{label}</bdi>
      <span className="n">{exact ? count(props.count) : `≥ ${count(props.count)}`}</span>
    </label>
  )
}
