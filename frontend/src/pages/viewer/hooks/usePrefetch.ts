import { useEffect, useRef } from 'react'
import type { TileAddress } from '../model/tileStore'
import { useNeighbours } from './useItem'
import { usePicture, useSliceIndex, type Viewer } from './useViewer'

/** Slices that are fetched ahead in the direction of travel, and behind. */
const AHEAD = 12
const BEHIND = 3

/** Fetches the tiles of the pictures that come next, where they would be seen as this one is. */
export function usePrefetch(viewer: Viewer): void {
  const { name, ref, filters, item, slices, map, tiles } = viewer
  const slice = useSliceIndex()
  const picture = usePicture()
  const neighbours = useNeighbours({ name, ref, filters }, slices === null ? item : undefined)
  const last = useRef({ slice, direction: 1 })
  useEffect(() => {
    if (map === null) return
    const before = last.current
    if (slice !== before.slice) last.current = { slice, direction: slice < before.slice ? -1 : 1 }
    const { direction } = last.current
    const near = slices === null ? [] : offsets(direction).flatMap((by) => slices[slice + by] ?? [])
    const alike = near.filter((each) => each.width === picture.width && each.height === picture.height)
    const wanted: TileAddress[] = alike.flatMap(({ sha256 }) =>
      map.camera.seen().map((place) => ({ ...place, sha256 })),
    )
    // A picture of its own opens with all of it: the coarsest level that fills the screen is enough to begin.
    const others = neighbours.flatMap(({ image }) => {
      const level = Math.max(0, image.levels - 2)
      const columns = Math.ceil(image.width / (image.tile * 2 ** level))
      const rows = Math.ceil(image.height / (image.tile * 2 ** level))
      return Array.from({ length: columns * rows }, (_, index) => ({
        sha256: image.sha256,
        level,
        column: index % columns,
        row: Math.floor(index / columns),
      }))
    })
    const all = [...wanted, ...others]
    map.expect(new Set(all.map((each) => each.sha256)))
    tiles.ahead(all)
  }, [map, tiles, slices, slice, neighbours, picture])
}

function offsets(direction: number): number[] {
  const ahead = Array.from({ length: AHEAD }, (_, index) => (index + 1) * direction)
  return [...ahead, ...Array.from({ length: BEHIND }, (_, index) => -(index + 1) * direction)]
}
