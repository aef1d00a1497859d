/** Masks as run lengths in the compressed form of the COCO API (maskApi.c, rleFrString). All are pure. */

export interface RunLengths {
  /** Height, width. */
  size: readonly number[]
  counts: string
}

/** Runs of a mask, column by column from the left, pixels outside first. */
export interface Mask {
  width: number
  height: number
  /** Where each run ends, counted in pixels; the last is all of them. */
  ends: Uint32Array
}

const LETTER = 48
const MORE = 0x20
const SIGN = 0x10
/** 7 letters of 5 bits hold every number of pixels that a picture can have. */
const MOST_LETTERS = 7
const MOST_PIXELS = 2 ** 31

/** The mask that run lengths stand for; null where they are none, or do not make up the pixels of their size. */
export function maskOf({ size, counts }: RunLengths): Mask | null {
  const [height = 0, width = 0] = size
  const area = width * height
  if (!(area > 0 && area < MOST_PIXELS && Number.isInteger(width) && Number.isInteger(height))) return null
  const ends = new Uint32Array(counts.length)
  // The run before the last, which the next but one is told as a difference to.
  let [older, newer, end, runs, at] = [0, 0, 0, 0, 0]
  while (at < counts.length) {
    const read = readNumber(counts, at)
    if (read === null) return null
    at = read.next
    const run = read.value + (runs > 2 ? older : 0)
    end += run
    if (run < 0 || end > area) return null
    ends[runs] = end
    runs += 1
    older = newer
    newer = run
  }
  return end === area ? { width, height, ends: ends.slice(0, runs) } : null
}

function readNumber(text: string, from: number): { value: number; next: number } | null {
  let value = 0
  for (let letters = 0; letters < MOST_LETTERS; letters += 1) {
    const bits = text.charCodeAt(from + letters) - LETTER
    if (!(bits >= 0 && bits < 64)) return null
    value += (bits & 0x1f) * 32 ** letters
    if ((bits & MORE) === 0) {
      const isNegative = (bits & SIGN) !== 0
      return { value: isNegative ? value - 32 ** (letters + 1) : value, next: from + letters + 1 }
    }
  }
  return null
}

/** Whether a pixel lies in a mask. */
export function isIn({ width, height, ends }: Mask, x: number, y: number): boolean {
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return false
  const place = Math.floor(x) * height + Math.floor(y)
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) > place) high = middle
    else low = middle + 1
  }
  return low % 2 === 1
}

/** Calls `each` with every stretch of a column that lies in the mask: its column, first row and length. */
export function eachStretch(mask: Mask, each: (x: number, y: number, length: number) => void): void {
  const { height, ends } = mask
  for (let run = 1; run < ends.length; run += 2) {
    let from = ends[run - 1] ?? 0
    const to = ends[run] ?? 0
    while (from < to) {
      const x = Math.floor(from / height)
      const y = from - x * height
      const length = Math.min(to - from, height - y)
      each(x, y, length)
      from += length
    }
  }
}

/** A mask as path data, in pixels of the picture; "" where it would have more than so many stretches. */
export function pathOfMask(mask: Mask, most: number): string {
  if (mask.ends.length / 2 + mask.width > most * 2) return ''
  const parts: string[] = []
  eachStretch(mask, (x, y, length) => parts.push(`M${x} ${y}h1v${length}h-1z`))
  return parts.length > most ? '' : parts.join('')
}
