import { useEffect, useState } from 'react'
import { pixelAt, placeOf, type Point } from '../model/geometry'
import { classesAt } from '../model/marks'
import { useStore } from '../model/store'
import { valuesAt } from '../model/tiles'
import { valueText } from '../model/windowing'
import type { Picture } from '../stage/PictureSource'
import { type Spacing, valueTypeOf } from '../types'
import { useLabels, usePicture, useViewer, type Viewer } from './useViewer'

const AFTER_MS = 80
/** Page pixels from a line or a point that count as on it. */
const NEAR = 5

export interface Readout {
  pixel: Point
  /** "27", "12, 200, 7"; of a coarser level with "≈" until the pixel itself has come; null while nothing has. */
  value: string | null
  /** Millimetres from the left upper corner to the middle of the pixel; null where the spacing is not known. */
  position: string | null
  classes: string[]
  isByKeys: boolean
}

/** What is under the cursor; null beside the picture. */
export function useReadout(): Readout | null {
  const viewer = useViewer()
  const { tiles, spacing } = viewer
  const picture = usePicture()
  const labels = useLabels()
  const state = useStore(viewer.state)
  const cursor = useStore(viewer.cursor)
  const [, redraw] = useState(0)
  const pixel = cursor === null ? null : pixelAt(picture, cursor.point)
  const { sha256, frame } = picture
  const exact = pixel === null ? undefined : placeOf(picture, 0, pixel)
  const tile = exact && tiles.peek({ ...exact, sha256, frame })
  const isWanted = exact !== undefined && tile === undefined
  const [column, row] = [exact?.column ?? 0, exact?.row ?? 0]
  useEffect(() => {
    if (!isWanted) return
    const timer = setTimeout(() => {
      tiles
        .load({ sha256, frame, level: 0, column, row })
        .then(() => redraw((count) => count + 1))
        .catch(() => undefined)
    }, AFTER_MS)
    return () => clearTimeout(timer)
  }, [tiles, sha256, frame, isWanted, column, row])
  if (cursor === null || pixel === null) return null
  return {
    pixel,
    value: valueAt(viewer, picture, pixel),
    position: positionOf(pixel, spacing),
    classes: classesAt(labels, state, {
      point: cursor.point,
      near: NEAR * viewer.view.get().resolution,
      size: picture,
    }),
    isByKeys: cursor.isByKeys,
  }
}

function valueAt({ tiles, map, item }: Viewer, picture: Picture, pixel: Point): string | null {
  const { sha256, frame } = picture
  const { slope, intercept } = item.image.rescale
  const type = valueTypeOf(item)
  const levels = [0, map?.camera.level() ?? 0]
  for (const level of levels) {
    const place = placeOf(picture, level, pixel)
    const tile = tiles.peek({ sha256, frame, level, column: place.column, row: place.row })
    if (tile === undefined) continue
    const values = valuesAt(tile, place.x, place.y).map((sample) => slope * sample + intercept)
    const text = values.map((value) => valueText(value, type))
    return `${level > 0 ? '≈ ' : ''}${text.join(', ')}`
  }
  return null
}

function positionOf([x, y]: Point, spacing: Spacing | null): string | null {
  if (spacing === null) return null
  const digits = Math.min(...spacing) < 0.01 ? 4 : Math.min(...spacing) < 0.1 ? 2 : 1
  return `${((x + 0.5) * spacing[1]).toFixed(digits)}, ${((y + 0.5) * spacing[0]).toFixed(digits)}`
}
