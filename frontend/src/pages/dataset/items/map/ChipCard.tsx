import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '@/api/client'
import { plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import type { Filters } from '../model/filters'
import { type Box, degreesText, unwrapped } from './model/bounds'
import { partWord } from './parts'
import { useChip } from './useFootprints'

type Chip = Schemas['ItemDetail']

interface ChipCardProps {
  chip: string
  filters: Filters
  /** Where it is on the map; null while it is out of view. */
  at: readonly [number, number] | null
  isSelected: boolean
  toggle: () => void
  close: () => void
  show: (box: Box) => void
  /** Whether the map may go to a chip that it does not show. */
  mayMove: boolean
  href: string
  showInGrid: (index: number) => void
}

/** What a pressed chip is, with ways to it. */
export function ChipCard(props: ChipCardProps) {
  const { chip, filters, at, isSelected, toggle, close, show, mayMove, href, showInGrid } = props
  const { data, error } = useChip(chip, filters)
  const box = data === undefined ? null : boxOf(data)
  const index = data?.index ?? null
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current || at !== null || box === null || !mayMove) return
    asked.current = true
    show(box)
  }, [at, box, show, mayMove])
  const side = at === null ? {} : { left: at[0], top: at[1] }
  return (
    <section
      className={`map-card ${at === null ? 'map-card-aside' : ''}`}
      style={side}
      aria-label={`Chip ${chip}`}
    >
      <div className="row">
        <b className="el grow">
          <Name text={chip} file />
        </b>
        <ActionIcon aria-label="Close the card" onClick={close}>
          <IconX size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
      </div>
      {error !== null && <ProblemNote error={error} />}
      <div className="map-card-body">
        <div className="map-card-picture">{data !== undefined && <img src={data.thumbnail} alt="" />}</div>
        <dl className="kv grow">{data !== undefined && <Facts chip={data} box={box} />}</dl>
      </div>
      <div className="row">
        <Button component={Link} to={href} variant="filled" size="compact-sm">
          Open
        </Button>
        {index !== null && (
          <Button size="compact-sm" onClick={() => showInGrid(index)}>
            Show in grid
          </Button>
        )}
        <Button size="compact-sm" aria-pressed={isSelected} onClick={toggle}>
          {isSelected ? 'Deselect' : 'Select'}
        </Button>
      </div>
    </section>
  )
}

function boxOf({ place }: Chip): Box | null {
  if (place === null) return null
  const { west, south, east, north } = place
  return west === null || south === null || east === null || north === null
    ? null
    : [west, south, east, north]
}

function Facts({ chip, box }: { chip: Chip; box: Box | null }) {
  const { place, layers, part } = chip
  const [first] = layers
  const [west, south, east, north] = box === null ? [0, 0, 0, 0] : unwrapped(box)
  const dates = layers.find((layer) => layer.dates.length > 1)?.dates.length ?? 0
  const [meters] = place?.resolution ?? []
  return (
    <>
      <dt>Split</dt>
      <dd>{partWord(part)}</dd>
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
