import { useCallback, useEffect, useRef, useState } from 'react'
import { type KeyAction, useKeys } from '@/keys/registry'
import { type Layout, type Move, moved } from '../model/layout'
import type { Choosing } from '../useChoosing'
import type { Scroll } from './useScroll'

const GROUP = 'Items'

const MOVES: { move: Move; combo: string; label: string }[] = [
  { move: 'left', combo: 'ArrowLeft', label: 'The item before' },
  { move: 'right', combo: 'ArrowRight', label: 'The item after' },
  { move: 'up', combo: 'ArrowUp', label: 'A row up' },
  { move: 'down', combo: 'ArrowDown', label: 'A row down' },
  { move: 'pageup', combo: 'PageUp', label: 'A screen up' },
  { move: 'pagedown', combo: 'PageDown', label: 'A screen down' },
  { move: 'home', combo: 'Home', label: 'The first item' },
  { move: 'end', combo: 'End', label: 'The last item' },
]

interface GridKeys {
  element: HTMLElement | null
  layout: Layout
  viewport: number
  scroll: Scroll
  choosing: Choosing
  open: (index: number) => void
}

/** The cell that keys act on; it alone can be reached by Tab, and is drawn wherever the grid is scrolled to. */
export function useGridKeys(keys: GridKeys): { focus: number | null; setFocus: (index: number) => void } {
  const { element, layout, viewport, scroll, choosing } = keys
  const [focus, setFocus] = useState<number | null>(null)
  const follow = useRef(false)
  const held = useRef<HTMLElement | null>(null)

  // The cell may only be there once the grid has been drawn at the new place; and it is another element, without the
  // focus, once its row comes into view or leaves it.
  useEffect(() => {
    if (focus === null) return
    const cell = element?.querySelector<HTMLElement>(`[role="gridcell"][data-index="${focus}"]`)
    if (cell == null) return
    const isLost = held.current?.isConnected === false && document.activeElement === document.body
    if (follow.current || isLost) cell.focus({ preventScroll: true })
    follow.current = false
    if (document.activeElement === cell) held.current = cell
  })

  const walk = useCallback(
    (move: Move, extend: boolean) => {
      if (layout.total === 0) return
      const rows = Math.max(1, Math.floor(viewport / (layout.rowHeight + layout.rowGap)))
      const next = focus === null ? scroll.topIndex() : moved(layout, focus, move, rows)
      if (extend) void choosing.extend(next, focus ?? next)
      follow.current = true
      setFocus(next)
      scroll.show(next, 'nearest')
    },
    [layout, viewport, focus, scroll, choosing],
  )

  const here = (event: KeyboardEvent) => isOfGrid(event.target, element)
  const actions: KeyAction[] = MOVES.flatMap(({ move, combo, label }) => [
    { id: `items-${move}`, combo, label, group: GROUP, when: here, run: () => walk(move, false) },
    {
      id: `items-${move}-extend`,
      combo: `Shift+${combo}`,
      label: `${label}, selecting`,
      group: GROUP,
      when: here,
      run: () => walk(move, true),
    },
  ])
  useKeys([
    ...actions,
    {
      id: 'items-select',
      combo: 'Space',
      label: 'Select',
      group: GROUP,
      when: here,
      run: () => {
        if (focus !== null) void choosing.toggle(focus)
      },
    },
    {
      id: 'items-open',
      combo: 'Enter',
      label: 'Open',
      group: GROUP,
      when: (event) => here(event) && focus !== null,
      run: () => {
        if (focus !== null) keys.open(focus)
      },
    },
  ])
  return { focus, setFocus }
}

/** Whether a key is meant for the grid: it or nothing in particular has the focus. */
function isOfGrid(target: EventTarget | null, element: HTMLElement | null): boolean {
  if (!(target instanceof HTMLElement) || element === null) return false
  return target === document.body || target.id === 'content' || element.contains(target)
}
