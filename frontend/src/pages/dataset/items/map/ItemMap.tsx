import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconMapOff, IconMarquee2, IconMinus, IconPlus } from '@tabler/icons-react'
import 'ol/ol.css'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { count, plural } from '@/parts/format'
import { Centred, ProblemNote } from '@/parts/Messages'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from '../../useDataset'
import { useParameter } from '../../useParameter'
import type { Filters } from '../model/filters'
import { has } from '../model/selection'
import type { Choosing } from '../useChoosing'
import { ChipCard } from './ChipCard'
import { Legend } from './Legend'
import './map.css'
import { useMapLook } from './mapLook'
import type { Box } from './model/bounds'
import { stacksOf } from './model/stacks'
import { useChipMap } from './useChipMap'
import { useMapKeys } from './useMapKeys'
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
  const { by, pictures } = useMapLook()
  const [chip, setChip] = useParameter('chip')
  const [isDrawing, setDrawing] = useState(false)
  const [box, setBox] = useState<Box | null>(null)
  const [at, setAt] = useState<readonly [number, number] | null>(null)
  const { map, canvas, scale, corner, keep, hadPlace } = useChipMap(by)
  const found = useFootprints(box, filters, by)
  const { data } = found
  const keysIn = useKeysIn(filters)
  const { selection, add, toggleKey } = choosing
  const stacks = useMemo(() => stacksOf(data?.features ?? []), [data])
  const here = useMemo(
    () => stacks.find(({ chips }) => chips.some(({ key }) => key === chip))?.chips ?? [],
    [stacks, chip],
  )

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
      pressed: (keys, isAdding) => {
        if (!isAdding) setChip(keys[0] ?? null)
        else for (const key of keys) toggleKey(key)
      },
      selected: (keys, within) => void select(keys, within),
      placed: (pixel) =>
        setAt((before) => (before?.[0] === pixel?.[0] && before?.[1] === pixel?.[1] ? before : pixel)),
    })
  }, [map, keep, setChip, toggleKey, select])
  useEffect(() => {
    if (map !== null && !hadPlace && chip === null) map.show(bounds)
    // Where it begins is asked once; then it stays where a person leaves it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [map, hadPlace])
  useEffect(() => {
    if (data !== undefined) map?.fill(stacks, data)
  }, [map, data, stacks])
  useEffect(() => map?.mark((key) => has(selection, key), chip), [map, selection, chip, data])
  useEffect(() => map?.draw(isDrawing), [map, isDrawing])
  const tiles = `/api/v1/datasets/${encodeURIComponent(`${show.id}@${version}`)}/map/WebMercatorQuad/{z}/{x}/{y}.png`
  const query = pictures === 'labels' ? '?label=1' : ''
  useEffect(
    () => map?.setPictures(pictures === 'off' ? null : `${tiles}${query}`),
    [map, pictures, tiles, query],
  )
  const step = (by: number) => {
    const keys = stacks.flatMap(({ chips }) => chips.map(({ key }) => key))
    const index = chip === null ? -1 : keys.indexOf(chip)
    setChip(keys[index < 0 && by < 0 ? keys.length - 1 : index + by] ?? chip)
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
      <div className="map-tools" role="toolbar" aria-label="Map">
        <Tool label="Nearer" icon={<IconPlus {...ICON} />} press={() => map?.zoomBy(1)} />
        <Tool label="Farther" icon={<IconMinus {...ICON} />} press={() => map?.zoomBy(-1)} />
        <Tool label="All items (0)" icon={<IconArrowsMaximize {...ICON} />} press={() => map?.show(bounds)} />
        <Tool
          label="Select by a rectangle (R, or Shift and drag)"
          icon={<IconMarquee2 {...ICON} />}
          isOn={isDrawing}
          className="map-selects"
          press={() => setDrawing(!isDrawing)}
        />
      </div>
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
