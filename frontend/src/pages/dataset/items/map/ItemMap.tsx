import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconMapOff, IconMarquee2, IconMinus, IconPlus } from '@tabler/icons-react'
import 'ol/ol.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { plural } from '@/parts/format'
import { Centred, ProblemNote } from '@/parts/Messages'
import { useParameter } from '../../useParameter'
import type { Filters } from '../model/filters'
import { has } from '../model/selection'
import type { Choosing } from '../useChoosing'
import type { ChipMap } from './ChipMap'
import { ChipCard } from './ChipCard'
import { Legend } from './Legend'
import './map.css'
import { useMapLook } from './mapLook'
import type { Box } from './model/bounds'
import { useChipMap } from './useChipMap'
import { useDrawnMap } from './useDrawnMap'
import { type useFootprints, useExtent } from './useFootprints'
import { useMapKeys } from './useMapKeys'

interface ItemMapProps {
  filters: Filters
  choosing: Choosing
  hrefOf: (key: string) => string
  showInGrid: (index: number) => void
}

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const

/** Where the items lie: outlines and pictures over country borders, which need no network. */
export default function ItemMap(props: ItemMapProps) {
  const extent = useExtent()
  if (extent.error !== null)
    return (
      <div className="map-problem">
        <ProblemNote error={extent.error} />
      </div>
    )
  if (extent.data === undefined) return <div className="map" aria-busy="true" />
  const { bounds, unplaced } = extent.data
  if (bounds === null) return <NoPlace />
  return (
    <PlacedMap
      {...props}
      bounds={[bounds.west, bounds.south, bounds.east, bounds.north]}
      unplaced={unplaced}
    />
  )
}

function NoPlace() {
  return (
    <Centred icon={<IconMapOff size={20} stroke={1.7} aria-hidden />} title="No item has a place on the map">
      The files say nothing of a reference system, or where their corners lie. Grid and Table show all items.
    </Centred>
  )
}

interface PlacedMapProps extends ItemMapProps {
  bounds: Box
  unplaced: number
}

function PlacedMap({ filters, choosing, hrefOf, showInGrid, bounds, unplaced }: PlacedMapProps) {
  const navigate = useNavigate()
  const { by } = useMapLook()
  const [chip, setChip] = useParameter('chip')
  const [isDrawing, setDrawing] = useState(false)
  const { map, canvas, scale, corner, keep, hadPlace } = useChipMap(by)
  const { selection, toggleKey } = choosing
  const { found, stacks, at } = useDrawnMap({ map, keep, filters, choosing, chip, setChip })
  const { data } = found
  const here = useMemo(
    () => stacks.find(({ chips }) => chips.some(({ key }) => key === chip))?.chips ?? [],
    [stacks, chip],
  )
  const isBegun = useRef(hadPlace || chip !== null)
  useEffect(() => {
    // Where it begins is asked once; then it stays where a person leaves it.
    if (map === null || isBegun.current) return
    isBegun.current = true
    map.show(bounds)
  }, [map, bounds])
  useEffect(() => map?.draw(isDrawing), [map, isDrawing])
  const step = (by: number) => {
    const keys = stacks.flatMap(({ chips }) => chips.map(({ key }) => key))
    const index = chip === null ? -1 : keys.indexOf(chip)
    const next = keys[index < 0 && by < 0 ? keys.length - 1 : index + by] ?? chip
    if (next === null) return
    map?.reveal(next)
    setChip(next)
  }
  useMapKeys({
    map,
    chip,
    step,
    showAll: () => map?.show(bounds),
    open: (key) => void navigate(hrefOf(key)),
    toggle: toggleKey,
    close: () => setChip(null),
    draw: () => setDrawing(!isDrawing),
  })
  const shown = useMemo(() => toldOf(data), [data])
  return (
    <div className="map">
      {/* The map takes the arrows, and + and −. */}
      <div
        ref={canvas}
        className={`map-canvas ${isDrawing ? 'map-draws' : ''}`}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="img"
        aria-label={`Map of the items. ${shown}`}
      />
      <Tools map={map} isDrawing={isDrawing} setDrawing={setDrawing} showAll={() => map?.show(bounds)} />
      <div ref={corner} className="map-corner" aria-hidden hidden />
      {data?.complete === true && (
        <Legend by={by} chips={data.features.map(({ properties }) => properties)} />
      )}
      <div className="map-foot s11">
        <p>
          <span aria-live="polite">{shown}</span>
          {unplaced > 0 && <> · {plural(unplaced, 'item')} without a place</>} · Outlines: Natural Earth
        </p>
        <div ref={scale} aria-hidden />
      </div>
      {found.error !== null && (
        <div className="map-problem">
          <ProblemNote error={found.error} />
          <Button onClick={() => void found.refetch()}>Try again</Button>
        </div>
      )}
      {chip !== null && (
        <ChipCard
          chip={chip}
          here={here}
          filters={filters}
          at={at}
          isSelected={has(selection, chip)}
          toggle={() => toggleKey(chip)}
          close={() => setChip(null)}
          step={setChip}
          show={(place) => map?.show(place)}
          mayMove={!hadPlace}
          href={hrefOf(chip)}
          showInGrid={showInGrid}
        />
      )}
    </div>
  )
}

function toldOf(data: ReturnType<typeof useFootprints>['data']): string {
  if (data === undefined) return 'Looking …'
  if (data.complete) return `${plural(data.features.length, 'item')} in view`
  return `${plural(
    data.clusters.reduce((sum, { items }) => sum + items, 0),
    'item',
  )} in view`
}

interface ToolsProps {
  map: ChipMap | null
  isDrawing: boolean
  setDrawing: (isDrawing: boolean) => void
  showAll: () => void
}

function Tools({ map, isDrawing, setDrawing, showAll }: ToolsProps) {
  return (
    <div className="map-tools" role="toolbar" aria-label="Map">
      <Tool label="Nearer" icon={<IconPlus {...ICON} />} press={() => map?.zoomBy(1)} />
      <Tool label="Farther" icon={<IconMinus {...ICON} />} press={() => map?.zoomBy(-1)} />
      <Tool label="All items (0)" icon={<IconArrowsMaximize {...ICON} />} press={showAll} />
      <Tool
        label="Select by a rectangle (R, or Shift and drag)"
        icon={<IconMarquee2 {...ICON} />}
        isOn={isDrawing}
        className="map-selects"
        press={() => setDrawing(!isDrawing)}
      />
    </div>
  )
}

interface ToolProps {
  label: string
  icon: React.ReactNode
  isOn?: boolean
  className?: string
  press: () => void
}

function Tool({ label, icon, isOn, className = '', press }: ToolProps) {
  return (
    <Tooltip label={label} position="right">
      <ActionIcon
        className={`${className} ${isOn === true ? 'on' : ''}`}
        aria-label={label}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        onClick={press}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
