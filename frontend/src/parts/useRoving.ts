import { type FocusEvent, type KeyboardEvent, useRef, useState } from 'react'

/** Many links in rows, of which one is in the order of Tab and arrows lead to the others. */
export function useRoving() {
  const list = useRef<HTMLUListElement>(null)
  const [active, setActive] = useState(0)
  const links = () => [...(list.current?.querySelectorAll<HTMLElement>('a[data-roving]') ?? [])]

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const all = links()
    const at = all.findIndex((link) => link === document.activeElement)
    const to = at < 0 ? null : target(event.key, at, all.length, columnsOf(all))
    if (to === null) return
    event.preventDefault()
    all[to]?.focus()
  }
  const onFocus = (event: FocusEvent) => {
    const at = links().findIndex((link) => link === event.target)
    if (at >= 0) setActive(at)
  }
  return {
    list: { ref: list, onKeyDown, onFocus },
    /** For the link at a place. */
    link: (index: number, total: number) => ({
      'data-roving': '',
      tabIndex: index === Math.min(active, total - 1) ? 0 : -1,
    }),
  }
}

/** How many stand in the first row. */
function columnsOf(all: readonly HTMLElement[]): number {
  const top = all[0]?.getBoundingClientRect().top ?? 0
  const below = all.findIndex((link) => link.getBoundingClientRect().top > top + 1)
  return below < 0 ? all.length : below
}

/** Where a key leads; null where it leads nowhere, and does what it does without us. */
export function target(key: string, at: number, total: number, columns: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: Math.min(at + columns, Math.max(total - 1, at)),
    Home: 0,
    End: total - 1,
  }
  const to = steps[key]
  return to === undefined || to < 0 || to >= total || to === at ? null : to
}
