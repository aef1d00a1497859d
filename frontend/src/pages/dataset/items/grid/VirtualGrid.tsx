import { type MouseEvent, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import {
  type Group,
  type Layout,
  layoutOf,
  type Measures,
  type Row,
  rowOf,
  rowsBetween,
} from '../model/layout'
import type { Choosing } from '../useChoosing'
import type { ItemList } from '../useItems'
import { GroupHead } from './GroupHead'
import { useGridKeys } from './useGridKeys'
import { useScroll } from './useScroll'
import { useSize } from './useSize'

interface VirtualGridProps {
  list: ItemList
  groups: readonly Group[]
  measures: Omit<Measures, 'width'>
  /** Left and right of the cells; at the right the scrollbar is part of it. */
  gutter: number
  /** Stays on top: titles of columns. */
  titles?: ReactNode
  titlesHeight?: number
  choosing: Choosing
  start: number
  rested: (index: number) => void
  open: (index: number) => void
  row: (row: Row, layout: Layout, focus: number | null) => ReactNode
}

const HEAD_KEPT = 40

/** Rows of items of which only those near the view are drawn; keys, selection and headers of groups. */
export function VirtualGrid(props: VirtualGridProps) {
  const { list, groups, measures, gutter, titlesHeight = 0, choosing } = props
  const [element, setElement] = useState<HTMLDivElement | null>(null)
  const size = useSize(element)
  const right = Math.max(4, gutter - size.bar)
  const width = Math.max(0, size.width - gutter - right)
  const layout = useMemo(() => layoutOf(groups, { ...measures, width }), [groups, measures, width])
  const viewport = Math.max(0, size.height - titlesHeight)
  const scroll = useScroll(element, layout, viewport, props.start, props.rested)
  const keys = useGridKeys({ element, layout, viewport, scroll, choosing, open: props.open })

  const { stretch } = scroll
  const drawn = useMemo(() => {
    const from = width === 0 ? 0 : stretch.from
    return rowsBetween(layout, from, width === 0 ? 0 : stretch.to)
  }, [layout, stretch, width])
  const { want } = list
  useEffect(() => {
    const rows = drawn.flatMap((each) => each.rows)
    const last = rows.at(-1)
    if (rows[0] !== undefined && last !== undefined) want(rows[0].first, last.first + last.count - 1)
  }, [drawn, want])

  const shownFocus = keys.focus ?? drawn[0]?.rows[0]?.first ?? null
  const stray = strayRow(layout, drawn, keys.focus)
  const click = useClicks(choosing, keys.setFocus)
  return (
    <div
      ref={setElement}
      className="items-scroll"
      role="grid"
      aria-label="Items"
      aria-multiselectable
      aria-rowcount={layout.rows}
      aria-colcount={layout.columns}
      tabIndex={-1}
      onClickCapture={click}
      onFocusCapture={(event) => {
        const text = event.target.dataset['index']
        if (text !== undefined) keys.setFocus(Number(text))
      }}
    >
      {props.titles !== undefined && (
        <div
          className="items-titles"
          style={{ height: titlesHeight, paddingLeft: gutter, paddingRight: right }}
        >
          {props.titles}
        </div>
      )}
      <div className="items-space" style={{ height: scroll.spacer, marginLeft: gutter, marginRight: right }}>
        {drawn.map(({ section, rows }) => {
          const top = Math.max(section.top, stretch.from - HEAD_KEPT)
          const bottom = Math.min(section.top + section.height, stretch.to + HEAD_KEPT)
          return (
            <div
              key={section.first}
              role="rowgroup"
              className="items-section"
              style={{ top: top + stretch.shift, height: bottom - top }}
            >
              {section.title !== null && (
                <GroupHead section={section} height={layout.head} top={titlesHeight} />
              )}
              {rows.map((row) => (
                <PlacedRow key={row.number} row={row} top={row.top - top} height={layout.rowHeight}>
                  {props.row(row, layout, shownFocus)}
                </PlacedRow>
              ))}
            </div>
          )
        })}
        {stray !== null && (
          <PlacedRow row={stray} top={stray.top + stretch.shift} height={layout.rowHeight}>
            {props.row(stray, layout, shownFocus)}
          </PlacedRow>
        )}
      </div>
    </div>
  )
}

interface PlacedRowProps {
  row: Row
  top: number
  height: number
  children: ReactNode
}

function PlacedRow({ row, top, height, children }: PlacedRowProps) {
  return (
    <div className="items-row" role="row" aria-rowindex={row.number + 1} style={{ top, height }}>
      {children}
    </div>
  )
}

/** The row that has the focus and is out of view: without it the keyboard would lose its place. */
function strayRow(layout: Layout, drawn: readonly { rows: Row[] }[], focus: number | null): Row | null {
  const row = focus === null ? null : rowOf(layout, focus)
  if (row === null || drawn.some(({ rows }) => rows.some((each) => each.number === row.number))) return null
  return row
}

/** A tick selects; so does a click with Ctrl, and with Shift a range. Any other click on a picture opens it. */
function useClicks(choosing: Choosing, setFocus: (index: number) => void) {
  const { toggle, extend } = choosing
  return useCallback(
    (event: MouseEvent<HTMLElement>) => {
      const target = event.target as Element
      const text = target.closest<HTMLElement>('[data-index]')?.dataset['index']
      if (text === undefined) return
      const index = Number(text)
      setFocus(index)
      if (event.shiftKey) {
        event.preventDefault()
        void extend(index, index)
      } else if (event.ctrlKey || event.metaKey || target.closest('[data-tick]') !== null) {
        event.preventDefault()
        void toggle(index)
      }
    },
    [toggle, extend, setFocus],
  )
}
