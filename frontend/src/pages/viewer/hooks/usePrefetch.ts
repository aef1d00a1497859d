import { useEffect, useRef } from 'react'
import { contentKey, type TileAddress } from '../model/tileStore'
import { contentAt } from './useCine'
import { useNeighbours } from './useItem'
import { usePicture, useStackIndex, type Viewer } from './useViewer'

/** Slices or frames that are fetched ahead in the direction of travel, a second of playing, and behind. */
const AHEAD = 30
const BEHIND = 4

/** Fetches the tiles of the pictures that come next, where they would be seen as this one is. */
export function usePrefetch(viewer: Viewer): void {
  const { name, ref, filters, item, slices, stack, map, tiles } = viewer
  const index = useStackIndex()
  const picture = usePicture()
  const neighbours = useNeighbours({ name, ref, filters }, slices === null ? item : undefined)
  const last = useRef({ index, direction: 1 })
  useEffect(() => {
    if (map === null) return
    const before = last.current
    if (index !== before.index) last.current = { index, direction: index < before.index ? -1 : 1 }
    const near = stack === null ? [] : offsets(last.current.direction).map((by) => index + by)
    const isAlike = (at: number) => {
      const slice = slices?.[at]
      return slice === undefined || (slice.width === picture.width && slice.height === picture.height)
    }
    const seen = map.camera.seen()
    const wanted: TileAddress[] = near
      .filter((at) => at >= 0 && at < (stack?.count ?? 0) && isAlike(at))
      .flatMap((at) => contentAt(viewer, at) ?? [])
      .flatMap((content) => seen.map((place) => ({ ...place, ...content })))
    // A picture of its own opens with all of it: the coarsest level that fills the screen is enough to begin.
    const others = neighbours.flatMap(({ image }) => {
      const level = Math.max(0, image.levels - 2)
      const columns = Math.ceil(image.width / (image.tile * 2 ** level))
      const rows = Math.ceil(image.height / (image.tile * 2 ** level))
      return Array.from({ length: columns * rows }, (_, at) => ({
        sha256: image.sha256,
        frame: 0,
        level,
        column: at % columns,
        row: Math.floor(at / columns),
      }))
    })
    const all = [...wanted, ...others]
    map.expect(new Set(all.map(contentKey)))
    tiles.ahead(all)
  }, [viewer, map, tiles, slices, stack, index, neighbours, picture])
}

function offsets(direction: number): number[] {
  const ahead = Array.from({ length: AHEAD }, (_, index) => (index + 1) * direction)
  return [...ahead, ...Array.from({ length: BEHIND }, (_, index) => -(index + 1) * direction)]
}
