import { useLayoutEffect, useState } from 'react'

export interface Size {
  width: number
  height: number
  /** Width of its vertical scrollbar, 0 where that floats. */
  bar: number
}

/** The inner size of an element, without its scrollbars; nothing before there is one. */
export function useSize(element: HTMLElement | null): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0, bar: 0 })
  useLayoutEffect(() => {
    if (element === null) return
    const measure = () =>
      setSize((now) => {
        const { clientWidth: width, clientHeight: height } = element
        const next = { width, height, bar: element.offsetWidth - width }
        return now.width === next.width && now.height === next.height ? now : next
      })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return size
}
