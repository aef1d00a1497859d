import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '@/api/client'
import { count, plural } from '@/parts/format'
import { Note, ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import type { Filters } from '../model/filters'
import { type Box, degreesText, unwrapped } from './model/bounds'
import { type Chip, otherParts } from './model/stacks'
import { partWord } from './parts'
import { useChip } from './useFootprints'

type Item = Schemas['ItemDetail']

interface ChipCardProps {
  chip: string
  /** All that lie on its ground, in order of time; empty before they are known. */
  here: readonly Chip[]
  filters: Filters
  /** Where it is on the map; null while it is out of view. */
  at: readonly [number, number] | null
  isSelected: boolean
  toggle: () => void
  close: () => void
  step: (key: string) => void
  show: (box: Box) => void
  /** Whether the map may go to a chip that it does not show. */
  mayMove: boolean
  href: string
  showInGrid: (index: number) => void
}

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const

/** What a pressed chip is, with ways to it. */
export function ChipCard(props: ChipCardProps) {
  const { chip, here, filters, at, isSelected, toggle, close, step, show, mayMove, href, showInGrid } = props
  const { data, error } = useChip(chip, filters)
  const box = data === undefined ? null : boxOf(data)
  const index = data?.index ?? null
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current || at !== null || box === null || !mayMove) return
    asked.current = true
    show(box)
  }, [at, box, show, mayMove])
  const place = at === null ? {} : { '--at-x': `${at[0]}px`, '--at-y': `${at[1]}px` }
  return (
    <section
      className={`map-card ${at === null ? 'map-card-aside' : ''}`}
      style={place as React.CSSProperties}
      aria-label={`Chip ${chip}`}
    >
      <div className="row">
        <b className="el grow mono s12">
          <Name text={chip} file />
        </b>
        <ActionIcon aria-label="Close the card (Esc)" onClick={close}>
          <IconX {...ICON} />
        </ActionIcon>
      </div>
      {here.length > 1 && <Steps chip={chip} here={here} step={step} />}
      {error !== null && <ProblemNote error={error} />}
      <div className="map-card-body">
        <div className="map-card-picture">{data !== undefined && <img src={data.thumbnail} alt="" />}</div>
        <dl className="kv grow">{data !== undefined && <Facts item={data} box={box} />}</dl>
      </div>
      {data !== undefined && <Leak here={here} part={data.part} />}
      <div className="row">
        <Button component={Link} to={href} variant="filled" size="compact-sm">
          Open
        </Button>
        {index !== null && (
          <Button size="compact-sm" onClick={() => showInGrid(index)}>
            Show in grid
          </Button>
        )}
        <Button size="compact-sm" className="map-selects" aria-pressed={isSelected} onClick={toggle}>
          {isSelected ? 'Deselect' : 'Select'}
        </Button>
      </div>
    </section>
  )
}

/** The others on the same ground, which no press on the map could reach. */
function Steps({ chip, here, step }: Pick<ChipCardProps, 'chip' | 'here' | 'step'>) {
  const index = here.findIndex(({ key }) => key === chip)
  const [before, after] = [here[index - 1], here[index + 1]]
  return (
    <div className="row map-card-steps" role="group" aria-label="Chips on this ground">
      <ActionIcon
        aria-label="The one before"
        disabled={before === undefined}
        onClick={() => before !== undefined && step(before.key)}
      >
        <IconChevronLeft {...ICON} />
      </ActionIcon>
      <span className="s12 m2 num-tab" aria-live="polite">
        {count(index + 1)} of {count(here.length)} on this ground
      </span>
      <ActionIcon
        aria-label="The next one"
        disabled={after === undefined}
        onClick={() => after !== undefined && step(after.key)}
      >
        <IconChevronRight {...ICON} />
      </ActionIcon>
    </div>
  )
}

function Leak({ here, part }: { here: readonly Chip[]; part: string | null }) {
  const others = otherParts(here, part).map(partWord)
  if (others.length === 0) return null
  return (
    <Note kind="warn">
      The same ground is in {others.join(' and ')}, too. <Link to="../statistics">Split by block</Link>
    </Note>
  )
}

function boxOf({ place }: Item): Box | null {
  if (place === null) return null
  const { west, south, east, north } = place
  return west === null || south === null || east === null || north === null
    ? null
    : [west, south, east, north]
}

function Facts({ item, box }: { item: Item; box: Box | null }) {
  const { place, layers, part } = item
  const [first] = layers
  const [west, south, east, north] = box === null ? [0, 0, 0, 0] : unwrapped(box)
  const dates = layers.find((layer) => layer.dates.length > 1)?.dates.length ?? 0
  const [meters] = place?.resolution ?? []
  return (
    <>
      <dt>Split</dt>
      <dd>
        {part !== null && <span className="sq" style={{ background: `var(--${part})` }} />} {partWord(part)}
      </dd>
      {box !== null && (
        <>
          <dt>Centre</dt>
          <dd>{degreesText((west + east) / 2, (south + north) / 2)}</dd>
        </>
      )}
      {first !== undefined && (
        <>
          <dt>Size</dt>
          <dd>
            {first.width} × {first.height}
            {meters !== undefined && `, ${Number(meters.toPrecision(3))} m`}
          </dd>
        </>
      )}
      {dates > 1 ? (
        <>
          <dt>Dates</dt>
          <dd>{plural(dates, 'date')}</dd>
        </>
      ) : (
        place?.time != null && (
          <>
            <dt>Date</dt>
            <dd>{new Date(place.time * 1000).toISOString().slice(0, 10)}</dd>
          </>
        )
      )}
      {place?.scene != null && place.scene !== '' && (
        <>
          <dt>Scene</dt>
          <dd className="el">
            <bdi>{place.scene}</bdi>
          </dd>
        </>
      )}
    </>
  )
}
