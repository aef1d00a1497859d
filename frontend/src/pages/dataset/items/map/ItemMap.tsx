import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconMapOff, IconMarquee2, IconMinus, IconPlus } from '@tabler/icons-react'
import 'ol/ol.css'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { useKeys } from '@/keys/registry'
import { count, plural } from '@/parts/format'
import { Centred, ProblemNote } from '@/parts/Messages'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from '../../useDataset'
import { useChoice, useParameter } from '../../useParameter'
import type { Filters } from '../model/filters'
import { has } from '../model/selection'
import type { Choosing } from '../useChoosing'
import { ChipCard } from './ChipCard'
import { Legend } from './Legend'
import './map.css'
import type { Box } from './model/bounds'
import { useChipMap } from './useChipMap'
import { MOST_SELECTED, useExtent, useFootprints, useKeysIn } from './useFootprints'

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
  const { show, version } = useDataset()
  const navigate = useNavigate()
  const [by, setBy] = useChoice('color', ['part', 'class'])
  const [pictures, setPictures] = useChoice('pictures', ['on', 'off'])
  const [chip, setChip] = useParameter('chip')
  const [isDrawing, setDrawing] = useState(false)
  const [box, setBox] = useState<Box | null>(null)
  const [at, setAt] = useState<readonly [number, number] | null>(null)
  const { map, element, keep, hadPlace } = useChipMap(by)
  const found = useFootprints(box, filters, by)
  const { data } = found
  const keysIn = useKeysIn(filters)
  const { selection, add, toggleKey } = choosing

  const select = useCallback(
    async (keys: string[], within: Box) => {
      try {
        const all = data?.complete === true ? keys : await keysIn(within)
        if (all !== null) add(all)
        else
          toast({
            kind: 'warn',
            title: `There are more than ${count(MOST_SELECTED)} items in it`,
            text: 'Draw a smaller rectangle, or filter the list and select all that match.',
          })
      } catch (error) {
        toastProblem(error)
      }
    },
    [data, keysIn, add],
  )
  useEffect(() => {
    map?.listen({
      moved: (seen, camera) => {
        setBox(seen)
        keep(camera)
      },
      pressed: (key, isAdding) => {
        if (isAdding && key !== null) toggleKey(key)
        else setChip(key)
      },
      selected: (keys, within) => void select(keys, within),
      placed: (pixel) =>
        setAt((before) => (before?.[0] === pixel?.[0] && before?.[1] === pixel?.[1] ? before : pixel)),
      rested: () => undefined,
    })
  }, [map, keep, setChip, toggleKey, select])
  useEffect(() => {
    if (map !== null && !hadPlace && chip === null) map.show(bounds)
    // Where it begins is asked once; then it stays where a person leaves it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [map, hadPlace])
  useEffect(() => {
    if (data !== undefined) map?.fill(data)
  }, [map, data])
  useEffect(() => map?.mark((key) => has(selection, key), chip), [map, selection, chip, data])
  useEffect(() => map?.draw(isDrawing), [map, isDrawing])
  const tiles = `/api/v1/datasets/${encodeURIComponent(`${show.id}@${version}`)}/map/WebMercatorQuad/{z}/{x}/{y}.png`
  useEffect(() => map?.setPictures(pictures === 'on' ? tiles : null), [map, pictures, tiles])
  useKeys([
    {
      id: 'map-open',
      combo: 'Enter',
      label: 'Open the chip of the card',
      group: 'Map',
      when: () => chip !== null,
      run: () => {
        if (chip !== null) void navigate(hrefOf(chip))
      },
    },
    { id: 'map-all', combo: '0', label: 'All items', group: 'Map', run: () => map?.show(bounds) },
    {
      id: 'map-draw',
      combo: 'r',
      label: 'Select by a rectangle',
      group: 'Map',
      run: () => setDrawing(!isDrawing),
    },
  ])
  const shown = useMemo(() => toldOf(data), [data])
  return (
    <div className="map">
      {/* The map takes the arrows, and + and −. */}
      <div
        ref={element}
        className={`map-canvas ${isDrawing ? 'map-draws' : ''}`}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="img"
        aria-label={`Map of the items. ${shown}`}
      />
      <div className="map-tools" role="toolbar" aria-label="Map">
        <Tool label="Nearer" icon={<IconPlus {...ICON} />} press={() => map?.zoomBy(1)} />
        <Tool label="Farther" icon={<IconMinus {...ICON} />} press={() => map?.zoomBy(-1)} />
        <Tool label="All items (0)" icon={<IconArrowsMaximize {...ICON} />} press={() => map?.show(bounds)} />
        <Tool
          label="Select by a rectangle (R, or Shift and drag)"
          icon={<IconMarquee2 {...ICON} />}
          isOn={isDrawing}
          press={() => setDrawing(!isDrawing)}
        />
      </div>
      <Legend {...{ by, setBy, pictures, setPictures, footprints: data }} />
      <p className="map-foot s11">
        <span aria-live="polite">{shown}</span>
        {unplaced > 0 && <> · {plural(unplaced, 'item')} without a place</>} · Outlines: Natural Earth
      </p>
      {found.error !== null && (
        <div className="map-problem">
          <ProblemNote error={found.error} />
          <Button onClick={() => void found.refetch()}>Try again</Button>
        </div>
      )}
      {chip !== null && (
        <ChipCard
          key={chip}
          chip={chip}
          filters={filters}
          at={at}
          isSelected={has(selection, chip)}
          toggle={() => toggleKey(chip)}
          close={() => setChip(null)}
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

interface ToolProps {
  label: string
  icon: React.ReactNode
  isOn?: boolean
  press: () => void
}

function Tool({ label, icon, isOn, press }: ToolProps) {
  return (
    <Tooltip label={label} position="right">
      <ActionIcon
        className={isOn === true ? 'on' : ''}
        aria-label={label}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        onClick={press}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
