import { bytes } from '@/parts/format'

/** "3.2 of 5.2 MB"; both units where they differ. */
export function bytesOf(part: number, whole: number): string {
  const [number = '', unit = ''] = bytes(part).split(' ')
  const total = bytes(whole)
  return total.endsWith(` ${unit}`) ? `${number} of ${total}` : `${number} ${unit} of ${total}`
}
