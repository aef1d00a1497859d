import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useViewer, type Viewer } from '../../hooks/useViewer'
import { pixelAt, placeOf, type Point } from '../../model/geometry'
import { valuesAt } from '../../model/tiles'
import { useStore } from '../../model/store'
import { valueText } from '../../model/windowing'
import { coordinatesText, isDegrees, lonLatText, toGround } from '../model/ground'
import { labelsOf, type Shown, sizeOf } from '../model/shown'
import type { RasterLayer } from '../types'
import { setOf } from './useClassColors'
import { useRaster } from './useRaster'

const RESTS_MS = 90

export interface Reading {
  shown: Shown
  values: Schemas['PixelValues']
  /** As text for those who do not see the plot. */
  told: string
}

export interface Under {
  pixel: Point
  right: Reading | null
  left: Reading | null
  label: { id: number; name: string; color: string | null } | null
  /** In the chip's reference system. */
  ground: string | null
  lonLat: string | null
  isByKeys: boolean
}

/** What is under the cursor; null beside the chip. Values come once the pointer rests. */
export function useUnder(): Under | null {
  const viewer = useViewer()
  const { item } = viewer
  const { right, left } = useRaster()
  const cursor = useStore(viewer.cursor)
  const [first] = item.layers
  const pixel = cursor === null || first === undefined ? null : pixelAt(first, cursor.point)
  const readRight = useReading(right[0] ?? null, pixel, first)
  const readLeft = useReading(left, pixel, first)
  const label = useLabelAt(viewer, pixel, first)
  if (cursor === null || pixel === null) return null
  const { place } = item
  const middle: Point = [pixel[0] + 0.5, pixel[1] + 0.5]
  const at = place?.transform == null ? null : toGround(place.transform, middle)
  const { longitude = null, latitude = null } = readRight?.values ?? {}
  const isShownAlready = place !== null && isDegrees(place.crs)
  return {
    pixel,
    right: readRight,
    left: readLeft,
    label,
    ground: at === null || place === null ? null : coordinatesText(at, place.crs),
    lonLat:
      longitude === null || latitude === null || isShownAlready ? null : lonLatText([longitude, latitude]),
    isByKeys: cursor.isByKeys,
  }
}

/** A pixel of the stage in the pixels of a layer, which may be coarser. */
function pixelIn(layer: Pick<RasterLayer, 'width' | 'height'>, [x, y]: Point, stage: RasterLayer): Point {
  return [
    Math.min(layer.width - 1, Math.floor(((x + 0.5) * layer.width) / stage.width)),
    Math.min(layer.height - 1, Math.floor(((y + 0.5) * layer.height) / stage.height)),
  ]
}

function useReading(
  shown: Shown | null,
  pixel: Point | null,
  stage: RasterLayer | undefined,
): Reading | null {
  const { ref } = useViewer()
  const wanted =
    shown === null || pixel === null || stage === undefined ? null : pixelIn(shown.layer, pixel, stage)
  const [settled] = useDebouncedValue(wanted?.join() ?? '', RESTS_MS)
  const sha256 = shown?.layer.sha256 ?? ''
  const { data } = useQuery({
    queryKey: ['raster-values', ref, sha256, settled],
    enabled: settled !== '' && sha256 !== '',
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const [column = 0, row = 0] = settled.split(',').map(Number)
      return unwrap(
        api.GET('/api/v1/datasets/{dataset}/rasters/{sha256}/values', {
          params: { path: { dataset: ref, sha256 }, query: { column, row } },
          signal,
        }),
      )
    },
  })
  if (shown === null || wanted === null || data === undefined) return null
  const bands = measured(data, shown.layer)
  const told = bands.map(
    ({ name, value }) => `${name} ${value === null ? 'no value' : valueText(value, 'float32')}`,
  )
  return { shown, values: { ...data, bands }, told: told.join(', ') }
}

/** The bands of a pixel; what was not measured has a sample all the same, which means nothing. */
function measured({ bands, valid }: Schemas['PixelValues'], { nodata }: RasterLayer) {
  if (valid) return bands
  const isEmpty = ({ sample }: (typeof bands)[number]) => sample === null || nodata.includes(sample)
  // Where no band says so, a mask beside them does.
  const isMasked = !bands.some(isEmpty)
  return bands.map((band) => (isMasked || isEmpty(band) ? { ...band, value: null } : band))
}

/** The class of a pixel, from the tile that is drawn. */
function useLabelAt(
  { item, show, tiles }: Viewer,
  pixel: Point | null,
  stage: RasterLayer | undefined,
): Under['label'] {
  const layer = labelsOf(item)[0]
  const [, redraw] = useState(0)
  const at =
    layer === undefined || pixel === null || stage === undefined ? null : pixelIn(layer, pixel, stage)
  const place = layer === undefined || at === null ? null : placeOf(sizeOf(layer), 0, at)
  const sha256 = layer?.sha256 ?? ''
  const [column, row] = [place?.column ?? -1, place?.row ?? -1]
  const tile = place === null ? undefined : tiles.peek({ sha256, frame: 0, level: 0, column, row })
  const isWanted = place !== null && tile === undefined
  useEffect(() => {
    if (!isWanted) return
    const timer = setTimeout(() => {
      tiles
        .load({ sha256, frame: 0, level: 0, column, row })
        .then(() => redraw((count) => count + 1))
        .catch(() => undefined)
    }, RESTS_MS)
    return () => clearTimeout(timer)
  }, [tiles, isWanted, sha256, column, row])
  if (tile === undefined || place === null) return null
  const id = valuesAt(tile, place.x, place.y)[0]
  if (id === undefined || Number.isNaN(id)) return null
  const found = setOf(show.annotation_sets, layer?.name)?.classes.find((each) => each.id === id)
  return { id, name: found?.name ?? 'no class', color: found?.color ?? null }
}
