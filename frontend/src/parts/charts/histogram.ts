/** What a chart of a histogram reckons with; all is pure. */

export interface Histogram {
  /** Values from which and up to which bins of equal width lie side by side. */
  low: number
  high: number
  counts: readonly number[]
}

export interface Range {
  low: number
  high: number
}

/** A histogram that fills less of the range than this is drawn over its own extent instead. */
const LEAST_FILLED = 1 / 8

/** The values from the left end of a chart to its right: all that are possible, or those that there are. */
export function axisOf(histogram: Histogram, possible: Range | null): Range {
  const extent = { low: histogram.low, high: Math.max(histogram.high, histogram.low + 1e-12) }
  if (possible === null) return extent
  const width = possible.high - possible.low
  if ((extent.high - extent.low) / width < LEAST_FILLED) return extent
  return { low: Math.min(possible.low, extent.low), high: Math.max(possible.high, extent.high) }
}

/** Counts over `bins` equal stretches of an axis; a bin that lies in two gives to each what lies in it. */
export function rebinned(histogram: Histogram, axis: Range, bins: number): number[] {
  const sums = new Array<number>(bins).fill(0)
  const width = (histogram.high - histogram.low) / Math.max(1, histogram.counts.length)
  const step = (axis.high - axis.low) / bins
  histogram.counts.forEach((count, index) => {
    if (count === 0) return
    const from = (histogram.low + index * width - axis.low) / step
    const to = from + width / step
    const last = Math.min(bins - 1, Math.ceil(to) - 1)
    for (let bin = Math.max(0, Math.floor(from)); bin <= last; bin += 1) {
      const shared = Math.min(to, bin + 1) - Math.max(from, bin)
      if (shared > 0) sums[bin] = (sums[bin] ?? 0) + (count * shared) / (to - from)
    }
  })
  return sums
}

/** How many stretches suit: whole bins where there are few, at most so many. */
export function binsFor(histogram: Histogram, axis: Range, most: number): number {
  const width = (histogram.high - histogram.low) / Math.max(1, histogram.counts.length)
  const fine = Math.round((axis.high - axis.low) / width)
  return fine >= 1 && fine <= most ? fine : most
}

/** The outline of bars as path data in a box of width by height, closed along the ground. */
export function barsPath(heights: readonly number[], width: number, height: number, log: boolean): string {
  const scaled = heights.map((value) => (log ? Math.log1p(value) : value))
  const most = Math.max(...scaled, Number.MIN_VALUE)
  const step = width / Math.max(1, heights.length)
  const tops = scaled.map((value, index) => {
    const y = short(height - (height * value) / most)
    return `L${short(index * step)} ${y}L${short((index + 1) * step)} ${y}`
  })
  return `M0 ${height}${tops.join('')}L${width} ${height}Z`
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Where a value stands on an axis, 0 at its left end and 1 at its right; null outside. */
export function placeOn(axis: Range, value: number): number | null {
  const place = (value - axis.low) / (axis.high - axis.low)
  return place >= 0 && place <= 1 ? place : null
}
