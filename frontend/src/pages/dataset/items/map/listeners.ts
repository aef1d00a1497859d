import type { Box, Camera } from './model/bounds'

export interface Listeners {
  /** The view came to rest. */
  moved: (box: Box, camera: Camera) => void
  /** Chips of one ground were pressed, or none; `isAdding` with Shift or Ctrl. */
  pressed: (keys: readonly string[], isAdding: boolean) => void
  /** A rectangle was drawn; the keys of the chips that meet it, of those that are on the map. */
  selected: (keys: string[], box: Box) => void
  /** Where the pressed chip is on the page; null: not in view. */
  placed: (pixel: readonly [number, number] | null) => void
}

/** The elements of the page that a map draws in. */
export interface Places {
  canvas: HTMLElement
  scale: HTMLElement
  /** Where on earth it is. */
  corner: HTMLElement
}
