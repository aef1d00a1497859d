/** Where pixels lie on the ground. All are pure. */

import type { Point } from '../../model/geometry'

/** a, b, c, d, e, f: x = a × column + b × row + c; y = d × column + e × row + f. */
export type Transform = readonly number[]

/** Coordinates of a point of the picture in its reference system. */
export function toGround([a = 1, b = 0, c = 0, d = 0, e = 1, f = 0]: Transform, [x, y]: Point): Point {
  return [a * x + b * y + c, d * x + e * y + f]
}

/** Where north is, in degrees clockwise from up: of the reference system's grid, which is not always true north. */
export function northOf([a = 1, b = 0, , d = 0, e = -1]: Transform): number {
  // The inverse of the linear part, applied to one step to the north.
  const scale = a * e - b * d
  if (scale === 0) return 0
  const [right, down] = [-b / scale, a / scale]
  const degrees = (Math.atan2(right, -down) * 180) / Math.PI
  return Object.is(degrees, -0) ? 0 : degrees
}

/** "UTM 33N", "EPSG:3857", "Own system". */
export function systemName(crs: string): string {
  const code = /^EPSG:(\d+)$/i.exec(crs)?.[1]
  if (code === undefined)
    return crs === '' ? 'No system' : (/^\w+\["([^"]{1,40})"/.exec(crs)?.[1] ?? 'Own system')
  const number = Number(code)
  const [hemisphere, zone] = [Math.floor(number / 100), number % 100]
  if (zone >= 1 && zone <= 60 && (hemisphere === 326 || hemisphere === 327))
    return `UTM ${zone}${hemisphere === 326 ? 'N' : 'S'}`
  return `EPSG:${code}`
}

export function isDegrees(crs: string): boolean {
  return /^EPSG:4326$|^OGC:CRS84$/i.test(crs)
}

const MINUS = '\u2212'

/** "465,806 E, 5,079,730 N"; of degrees "14.56123°, 45.86456°". */
export function coordinatesText([x, y]: Point, crs: string): string {
  if (isDegrees(crs)) return lonLatText([x, y])
  const text = (value: number) =>
    `${value < 0 ? MINUS : ''}${Math.abs(Math.round(value)).toLocaleString('en')}`
  return `${text(x)} E, ${text(y)} N`
}

/** "45.86456° N, 14.56123° E". */
export function lonLatText([longitude, latitude]: Point): string {
  const text = (value: number, positive: string, negative: string) =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`
  return `${text(latitude, 'N', 'S')}, ${text(longitude, 'E', 'W')}`
}

/** "10 m", "10 × 20 m", "0.5 m". */
export function resolutionText([x = 0, y = 0]: readonly number[]): string {
  const text = (value: number) => Number(value.toPrecision(3)).toLocaleString('en')
  return text(x) === text(y) ? `${text(x)} m` : `${text(x)} × ${text(y)} m`
}
