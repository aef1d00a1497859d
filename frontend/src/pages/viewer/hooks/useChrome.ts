import { useMemo, useState } from 'react'

type Part = 'panel' | 'rail' | 'tags' | 'keys'

export interface Chrome extends Readonly<Record<Part, boolean>> {
  toggle: (part: Part) => void
  close: (part: Part) => void
}

const WIDE = 1000

/** Which parts around the stage are open. On narrow screens the picture has the room. */
export function useChrome(): Chrome {
  const [open, setOpen] = useState(() => {
    const isWide = window.innerWidth >= WIDE
    return { panel: isWide, rail: isWide, tags: false, keys: false }
  })
  return useMemo(
    () => ({
      ...open,
      toggle: (part) => setOpen((before) => ({ ...before, [part]: !before[part] })),
      close: (part) => setOpen((before) => ({ ...before, [part]: false })),
    }),
    [open],
  )
}
