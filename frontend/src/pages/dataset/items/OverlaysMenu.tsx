import { Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { IconChevronDown, IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { count, plural, visibleEnd } from '@/parts/format'
import type { Show } from '../types'
import { allHidden, classToken, flipped, flippedAll, type Hidden, setToken } from './model/overlays'

interface OverlaysMenuProps {
  sets: Show['annotation_sets']
  hidden: Hidden
  setHidden: (hidden: Hidden) => void
  /** Without words, as on a phone. */
  short?: boolean
}

const CLASSES_SHOWN = 60
const SEARCH_FROM = 20

/** Which labels are drawn on the pictures: all, by set, by class. */
export function OverlaysMenu({ sets, hidden, setHidden, short = false }: OverlaysMenuProps) {
  const [search, setSearch] = useState('')
  if (sets.length === 0) return null
  const off = allHidden(hidden)
  const classes = sets.reduce((sum, set) => sum + set.classes.length, 0)
  const boxes =
    sets.some(({ task }) => task === 'detection') && !sets.some(({ task }) => task === 'segmentation')
  const Eye = off ? IconEyeOff : IconEye
  return (
    <Popover position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button
          variant={short ? 'default' : 'subtle'}
          color="gray"
          className="quiet"
          leftSection={<Eye size={14} stroke={1.7} aria-hidden />}
          rightSection={short ? null : <IconChevronDown size={14} stroke={1.7} aria-hidden />}
        >
          {boxes ? 'Boxes' : 'Labels'}
          {!short && <span className="m3 overlays-state">{stateOf(sets, hidden)}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="overlays" aria-label="Labels on the pictures">
        <label className="row overlays-all" htmlFor="overlays-all">
          <Checkbox id="overlays-all" checked={!off} onChange={() => setHidden(flippedAll(hidden))} />
          <span className="grow b">All labels</span>
          <kbd>L</kbd>
        </label>
        {classes >= SEARCH_FROM && (
          <TextInput
            size="xs"
            aria-label="Find a class"
            placeholder="Find a class"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        {sets.map((set) => (
          <SetLines
            key={set.name}
            set={set}
            search={search}
            hidden={hidden}
            off={off}
            setHidden={setHidden}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}

interface SetLinesProps {
  set: Show['annotation_sets'][number]
  search: string
  hidden: Hidden
  off: boolean
  setHidden: (hidden: Hidden) => void
}

function SetLines({ set, search, hidden, off, setHidden }: SetLinesProps) {
  const setOff = hidden.has(setToken(set.name))
  const found = set.classes.filter((each) => each.name.toLowerCase().includes(search.toLowerCase()))
  return (
    <div role="group" aria-label={set.name} className="overlays-set">
      <label className="fv">
        <Checkbox
          checked={!setOff}
          disabled={off}
          onChange={() => setHidden(flipped(hidden, setToken(set.name)))}
        />
        <bdi className="el b">{visibleEnd(set.name)}</bdi>
      </label>
      {found.slice(0, CLASSES_SHOWN).map((each) => {
        const token = classToken(set.name, each.id)
        return (
          <label key={each.id} className="fv overlays-class">
            <Checkbox
              checked={!hidden.has(token)}
              disabled={off || setOff}
              onChange={() => setHidden(flipped(hidden, token))}
            />
            <span className="sq" style={{ background: each.color }} />
            <bdi className="el">{visibleEnd(each.name)}</bdi>
            <span className="n">{count(each.count)}</span>
          </label>
        )
      })}
      {found.length > CLASSES_SHOWN && (
        <div className="m3 s11 facet-note">{count(found.length - CLASSES_SHOWN)} more: search for them</div>
      )}
    </div>
  )
}

function stateOf(sets: Show['annotation_sets'], hidden: Hidden): string {
  if (allHidden(hidden)) return 'off'
  const classes = sets.flatMap((set) => set.classes.map((each) => ({ set: set.name, id: each.id })))
  const shown = classes.filter(
    ({ set, id }) => !hidden.has(setToken(set)) && !hidden.has(classToken(set, id)),
  )
  if (classes.length === 0) return plural(sets.length, 'set')
  return `${count(shown.length)} of ${plural(classes.length, 'class', 'classes')}`
}
