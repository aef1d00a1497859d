/** Rectangles in degrees. All are pure. */

export type Box = readonly [west: number, south: number, east: number, north: number]

export function boxOf([west = 0, south = 0, east = 0, north = 0]: readonly number[]): Box {
  return [west, south, east, north]
}

/** The farthest that Mercator's map reaches. */
export const MOST_NORTH = 85.05

/** A rectangle as the server takes it: rounded outwards, so that small moves ask for the same; within one turn. */
export function askedFor([west, south, east, north]: Box): string {
  const width = east - west
  const step = 2 ** Math.floor(Math.log2(Math.max(1e-4, Math.min(90, width / 8))))
  const down = (value: number) => Math.floor(value / step) * step
  const up = (value: number) => Math.ceil(value / step) * step
  const [bottom, top] = [Math.max(-90, down(south)), Math.min(90, up(north))]
  if (up(east) - down(west) >= 360) return [-180, bottom, 180, top].map(short).join()
  const turns = Math.floor((down(west) + 180) / 360) * 360
  return [down(west) - turns, bottom, up(east) - turns, top].map(short).join()
}

function short(value: number): number {
  return Number(value.toFixed(6))
}

/** The box with its east at the right of its west, also across the antimeridian. */
export function unwrapped([west, south, east, north]: Box): Box {
  return [west, south, east < west ? east + 360 : east, north]
}

/** The box made larger where it is a point or nearly so, and cut where the map ends. */
export function visible(box: Box, least = 0.002): Box {
  const [west, south, east, north] = unwrapped(box)
  const [wide, high] = [Math.max(0, least - (east - west)) / 2, Math.max(0, least - (north - south)) / 2]
  return [
    west - wide,
    Math.max(-MOST_NORTH, Math.min(MOST_NORTH, south - high)),
    east + wide,
    Math.min(MOST_NORTH, Math.max(-MOST_NORTH, north + high)),
  ]
}

/** "8°26′ S, 74°34′ W" */
export function degreesText(longitude: number, latitude: number): string {
  return `${angleText(latitude, 'N', 'S')}, ${angleText(((((longitude + 180) % 360) + 360) % 360) - 180, 'E', 'W')}`
}

function angleText(value: number, positive: string, negative: string): string {
  const minutes = Math.round(Math.abs(value) * 60)
  return `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, '0')}′ ${value < 0 ? negative : positive}`
}

/** "8°20′ S", as exact as a line of the grid is: "20° W", "0°", "38°48′30″ N". */
export function gridText(value: number, positive: string, negative: string): string {
  const turned = ((((value + 180) % 360) + 360) % 360) - 180
  const seconds = Math.round(Math.abs(turned) * 3600)
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (each: number) => String(each).padStart(2, '0')
  const side = seconds === 0 || seconds === 180 * 3600 ? '' : ` ${turned < 0 ? negative : positive}`
  const fine = rest > 0 ? `${two(minutes)}′${two(rest)}″` : minutes > 0 ? `${two(minutes)}′` : ''
  return `${Math.floor(seconds / 3600)}°${fine}${side}`
}

export interface Camera {
  longitude: number
  latitude: number
  zoom: number
}

/** "-74.51234,-8.4321,9.25" */
export function cameraText({ longitude, latitude, zoom }: Camera): string {
  return [longitude.toFixed(5), latitude.toFixed(5), zoom.toFixed(2)].map(Number).join()
}

export function cameraIn(text: string | null): Camera | null {
  const [longitude = NaN, latitude = NaN, zoom = NaN, ...rest] = (text ?? '')
    .split(',')
    .map((each) => (each.trim() === '' ? NaN : Number(each)))
  const isRight = Math.abs(longitude) <= 540 && Math.abs(latitude) <= 90 && zoom >= 0 && zoom <= 28
  return isRight && rest.length === 0 ? { longitude, latitude, zoom } : null
}
