/** Rings of longitudes and latitudes that a flat map can draw. All are pure. */

export type Position = readonly number[]

/** A polygon: its outer ring, then its holes. */
export type Rings = readonly (readonly Position[])[]

/** Without jumps at the antimeridian: a ring that crosses it goes on beyond 180 degrees; one around a pole ends there. */
export function unwound(ring: readonly Position[]): Position[] {
  let turns = 0
  let before = NaN
  const points = ring.map(([longitude = 0, latitude = 0]): Position => {
    if (before - longitude > 180) turns += 360
    else if (longitude - before > 180) turns -= 360
    before = longitude
    return [longitude + turns, latitude]
  })
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined || turns === 0) return points
  const pole = (first[1] ?? 0) < 0 ? -90 : 90
  return [...points, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first]
}

/** The polygon wherever it is seen between 180 degrees west and east: once more beside where it leaves them. */
export function copies(polygon: Rings): Rings[] {
  const rings = polygon.map(unwound)
  const longitudes = rings[0]?.map(([longitude = 0]) => longitude) ?? []
  // Of many points no arguments are made.
  const west = longitudes.reduce((least, each) => Math.min(least, each), Infinity)
  const east = longitudes.reduce((most, each) => Math.max(most, each), -Infinity)
  const moved = (by: number) =>
    rings.map((ring) => ring.map(([longitude = 0, latitude = 0]): Position => [longitude + by, latitude]))
  return [rings, ...(east > 180 ? [moved(-360)] : []), ...(west < -180 ? [moved(360)] : [])]
}
