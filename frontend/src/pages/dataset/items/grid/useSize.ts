import { useLayoutEffect, useState } from 'react'

export interface Size {
  width: number
  height: number
}

/** The inner size of an element, without its scrollbars; 0 × 0 before there is one. */
export function useSize(element: HTMLElement | null): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    if (element === null) return
    const measure = () =>
      setSize((now) => {
        const next = { width: element.clientWidth, height: element.clientHeight }
        return now.width === next.width && now.height === next.height ? now : next
      })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return size
}
