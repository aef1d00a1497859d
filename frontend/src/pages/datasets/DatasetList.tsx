import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useKeys } from '@/keys/registry'
import { DatasetCard } from './DatasetCard'
import { DatasetLine, TableHead } from './DatasetLine'
import type { DatasetRow } from './filters'
import { SkeletonList } from './SkeletonList'
import type { Selection } from './useSelection'

const LINE = 57
const CARD = 246
const CARD_WIDTH = 270
const GAP = 14

interface ListProps {
  rows: readonly DatasetRow[]
  isLoading: boolean
  isOld: boolean
  view: 'table' | 'cards'
  selection: Selection
  loadMore: (() => void) | undefined
}

/** Rows or cards, of which only those in sight are in the page; more are asked for as the end comes near. */
export function DatasetList({ rows, isLoading, isOld, view, selection, loadMore }: ListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: measured, width } = useElementSize()
  const columns = view === 'table' ? 1 : Math.max(1, Math.floor((width - GAP) / (CARD_WIDTH + GAP)))
  const lines = Math.ceil(rows.length / columns)
  // The compiler of React leaves components alone that hold a virtualizer; it changes without new identity.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => (view === 'table' ? LINE : CARD + GAP),
    overscan: 6,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= lines - 8) loadMore?.()
  }, [lastShown, lines, loadMore])
  useEffect(() => {
    virtual.measure()
  }, [view, columns, virtual])
  const active = useRoving(rows, columns, selection, (index) =>
    virtual.scrollToIndex(Math.floor(index / columns)),
  )

  if (isLoading) return <SkeletonList view={view} />
  return (
    <div
      ref={measured}
      className={`datasets-list ${isOld ? 'datasets-old' : ''}`}
      role="grid"
      aria-label="Datasets"
      aria-multiselectable
      aria-rowcount={-1}
    >
      {view === 'table' && <TableHead selection={selection} />}
      <div ref={scroller} className="scroll-y" role="rowgroup">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map((line) => (
            <div
              key={line.key}
              className={view === 'table' ? 'datasets-row' : 'datasets-cards'}
              role={view === 'table' ? 'presentation' : 'row'}
              style={{
                transform: `translateY(${line.start}px)`,
                ...(view === 'cards' ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : {}),
              }}
            >
              {rows.slice(line.index * columns, (line.index + 1) * columns).map((row, offset) => {
                const index = line.index * columns + offset
                const props = {
                  row,
                  selected: selection.ids.has(row.id),
                  toggle: selection.toggle,
                  tabbable: index === Math.min(active, rows.length - 1),
                }
                return view === 'table' ? (
                  <DatasetLine key={row.id} {...props} index={index} />
                ) : (
                  <DatasetCard key={row.id} {...props} />
                )
              })}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

/** Arrows move the focus among rows, Space ticks, Enter opens. */
function useRoving(
  rows: readonly DatasetRow[],
  columns: number,
  selection: Selection,
  show: (index: number) => void,
) {
  const navigate = useNavigate()
  const [active, setActive] = useState(0)
  const move = (step: number, range = false) => {
    const next = Math.max(0, Math.min(rows.length - 1, active + step))
    const row = rows[next]
    if (row === undefined) return
    setActive(next)
    show(next)
    if (range) selection.toggle(row.id, true)
    requestAnimationFrame(() => document.getElementById(`dataset-${row.id}`)?.focus())
  }
  const here = rows[Math.min(active, rows.length - 1)]
  const group = 'Lists'
  useKeys([
    { id: 'list-down', combo: 'ArrowDown', label: 'Next line', group, run: () => move(columns) },
    { id: 'list-up', combo: 'ArrowUp', label: 'Line before', group, run: () => move(-columns) },
    { id: 'list-right', combo: 'ArrowRight', label: 'Next', group, run: () => move(1) },
    { id: 'list-left', combo: 'ArrowLeft', label: 'Before', group, run: () => move(-1) },
    {
      id: 'list-range-down',
      combo: 'Shift+ArrowDown',
      label: 'Select downwards',
      group,
      run: () => move(columns, true),
    },
    {
      id: 'list-range-up',
      combo: 'Shift+ArrowUp',
      label: 'Select upwards',
      group,
      run: () => move(-columns, true),
    },
    {
      id: 'list-select',
      combo: 'Space',
      label: 'Select',
      group,
      run: () => here && selection.toggle(here.id),
    },
    { id: 'list-all', combo: 'Ctrl+A', label: 'Select all', group, run: selection.toggleAll },
    {
      id: 'list-open',
      combo: 'Enter',
      label: 'Open',
      group,
      run: () => here && void navigate(addressOf(here)),
    },
  ])
  return active
}

function addressOf(row: DatasetRow): string {
  return `/datasets/${encodeURIComponent(row.name)}`
}
