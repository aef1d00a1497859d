/** Scrolling through more than a browser can hold: near by it moves pixel by pixel, far away in proportion. */

/** Firefox cuts elements off at 17.9 million pixels, Chromium at 33.5. */
export const LONGEST = 16_000_000

export interface Place {
  /** scrollTop of the element. */
  native: number
  /** The height in the grid that is at its top. */
  virtual: number
}

export function nativeHeight(height: number): number {
  return Math.min(height, LONGEST)
}

/** The place for a height in the grid, by proportion. */
export function placeOf(virtual: number, height: number, viewport: number): Place {
  const reach = Math.max(0, height - viewport)
  const top = Math.max(0, Math.min(reach, virtual))
  const nativeReach = Math.max(0, nativeHeight(height) - viewport)
  return { native: reach === 0 ? 0 : (top / reach) * nativeReach, virtual: top }
}

/** The place after the element was scrolled: a small step is a step as far in the grid, a jump is one in proportion. */
export function scrolled(before: Place, native: number, height: number, viewport: number): Place {
  const reach = Math.max(0, height - viewport)
  const nativeReach = Math.max(0, nativeHeight(height) - viewport)
  if (reach <= nativeReach) return { native, virtual: native }
  if (native <= 0) return { native, virtual: 0 }
  if (native >= nativeReach - 1) return { native, virtual: reach }
  const step = native - before.native
  if (Math.abs(step) < viewport)
    return { native, virtual: Math.max(0, Math.min(reach, before.virtual + step)) }
  return { native, virtual: (native / nativeReach) * reach }
}
