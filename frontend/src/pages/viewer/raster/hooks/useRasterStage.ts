import { useEffect, useMemo, useState } from 'react'
import type { StageState } from '../../hooks/useStage'
import { useLabels, type Viewer } from '../../hooks/useViewer'
import { marksOf, tintsOf } from '../../model/marks'
import { patch, Store, useSelected, useStore } from '../../model/store'
import type { Range } from '../../model/windowing'
import type { Spacing } from '../../types'
import { isColor } from '../model/display'
import { labelsOf, neededOf, type Shown, sizeOf, isDrawn, opacityOf } from '../model/shown'
import { type Drawn, RasterMap, type Side } from '../stage/RasterMap'
import { colorStyle, labelStyle, paletteStyle, variablesOf } from '../stage/styles'
import { formulaOf, labelTexture, textureOf, valuesOf } from '../stage/texturing'
import type { RasterLayer } from '../types'
import { type ClassColors, useClassColors } from './useClassColors'
import type { Raster } from './useRaster'
import { useRanges } from './useRanges'

/** Keeps the map of rasters as the state has it, and the state as the map has it. */
export function useRasterStage(viewer: Viewer, raster: Raster): StageState {
  const map = viewer.map instanceof RasterMap ? viewer.map : null
  const [failure, setFailure] = useState<string | null>(null)
  const [isLoading] = useState(() => new Store(true))
  const { state, view, cursor } = viewer
  useEffect(() => {
    map?.listen({
      moved: (resolution, place) => view.set({ resolution, place }),
      pointed: (point) => cursor.set(point === null ? null : { point, isByKeys: false }),
      windowed: () => undefined,
      measured: (from, to) => patch(state, { measures: [...state.get().measures, [from, to]] }),
      failed: setFailure,
      loading: isLoading.set,
    })
  }, [map, state, view, cursor, isLoading])
  useDrawn(viewer, raster, map)
  useLabelMarks(viewer, map)
  useMarks(viewer, map)
  return { failure, isLoading }
}

function useDrawn(viewer: Viewer, raster: Raster, map: RasterMap | null): void {
  const { item } = viewer
  const { right, left, state, isSwiping } = raster
  const colors = useClassColors(viewer)
  const smooth = useSelected(viewer.state, (each) => each.smooth)
  const areLabelsOn = useSelected(viewer.state, (each) => each.labels)
  const rotation = useSelected(viewer.state, (each) => each.rotation)
  const all = useMemo(() => (left === null ? right : [...right, left]), [right, left])
  const ranges = useRanges(viewer, all)
  const [first] = item.layers
  useEffect(() => {
    if (map === null || first === undefined) return
    const base = first.width
    const sides: Side = isSwiping ? 'right' : 'both'
    const sources = right.map((shown, index) =>
      drawnOf(shown, ranges[index] ?? null, {
        ...{ base, smooth, side: sides },
        id: `source ${shown.layer.name}`,
        opacity: opacityOf(shown.layer, state) / 100,
      }),
    )
    const compared =
      left === null
        ? []
        : [
            drawnOf(left, ranges[right.length] ?? null, {
              ...{ base, smooth, side: 'left' as const, id: 'left', opacity: 1 },
            }),
          ]
    const labels = labelsOf(item)
      .filter((layer) => areLabelsOn && isDrawn(item, layer, state))
      .map((layer) =>
        labelDrawn(layer, colors, { base, side: sides, opacity: opacityOf(layer, state) / 100 }),
      )
    // The list has the uppermost first.
    const drawn = [...sources.reverse(), ...compared, ...labels].flatMap((each) => each ?? [])
    map.show(sizeOf(first), drawn, viewer.view.get().place)
  }, [map, first, item, right, left, ranges, state, isSwiping, smooth, areLabelsOn, colors, viewer.view])
  useEffect(() => map?.setSwipe(isSwiping ? state.swipe : null), [map, isSwiping, state.swipe])
  useEffect(() => map?.camera.turn(rotation), [map, rotation])
}

interface How {
  id: string
  /** Columns of the stage. */
  base: number
  side: Side
  smooth: boolean
  opacity: number
}

function drawnOf(shown: Shown, ranges: Range[] | null, how: How): Drawn | null {
  const { layer, display } = shown
  const needed = neededOf(shown)
  if (needed === null || ranges === null) return null
  const { channels, validity, expression } = needed
  const size = sizeOf(layer)
  const count = isColor(display) ? 3 : 1
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  return {
    id: how.id,
    content: needed.content,
    size,
    texturing: {
      key: [count, expression?.text ?? display.bands.join(), JSON.stringify(validity)].join(' '),
      bands: count + 1,
      scale: how.base / layer.width,
      pixels: (tile) => {
        const values =
          expression === null
            ? channels.map((channel) => valuesOf(tile, channel, validity))
            : [formulaOf(tile, expression, byName, validity)]
        return textureOf(values, tile, size.tile)
      },
    },
    style: count === 3 ? colorStyle(ranges) : paletteStyle(ranges, display.palette),
    variables: variablesOf(ranges),
    styleKey: count === 3 ? 'color' : display.palette,
    opacity: how.opacity,
    isSmooth: how.smooth,
    side: how.side,
  }
}

function labelDrawn(
  layer: RasterLayer,
  { places, colors }: ClassColors,
  { base, side, opacity }: Pick<How, 'base' | 'side' | 'opacity'>,
): Drawn {
  const size = sizeOf(layer)
  return {
    id: `label ${layer.name}`,
    content: { sha256: layer.sha256, frame: 0 },
    size,
    texturing: {
      key: `labels ${[...places.keys()].join()}`,
      bands: 1,
      scale: base / layer.width,
      pixels: (tile) => labelTexture(tile, size.tile, places),
    },
    style: labelStyle(colors),
    variables: {},
    styleKey: colors.join(),
    opacity,
    isSmooth: false,
    side,
  }
}

/** Metres of a pixel as the measures of all viewers have them: in millimetres, per row and per column. */
export function spacingOnGround({ item }: Pick<Viewer, 'item'>): Spacing | null {
  const [x, y] = item.place?.resolution ?? []
  return x === undefined || y === undefined ? null : [y * 1000, x * 1000]
}

/** Labels that are no raster: outlines, boxes and masks of annotations. */
function useLabelMarks(viewer: Viewer, map: RasterMap | null): void {
  const all = useLabels()
  const { labels, hidden, looks } = useStore(viewer.state)
  const [first] = viewer.item.layers
  useEffect(() => {
    if (map === null || first === undefined) return
    const now = viewer.state.get()
    const size = sizeOf(first)
    map.drawLabels(marksOf(all, now, size), tintsOf(all, now, size), size)
  }, [map, first, all, labels, hidden, looks, viewer.state])
}

function useMarks(viewer: Viewer, map: RasterMap | null): void {
  const { measures } = useStore(viewer.state)
  const tool = useStore(viewer.tool)
  const cross = useSelected(viewer.cursor, (each) => (each?.isByKeys ? each.point : null))
  const spacing = useMemo(() => spacingOnGround({ item: viewer.item }), [viewer.item])
  useEffect(() => map?.drawMeasures(measures, spacing), [map, measures, spacing])
  useEffect(() => map?.setTool(tool), [map, tool])
  useEffect(() => {
    map?.drawCursor(cross === null ? null : [Math.floor(cross[0]), Math.floor(cross[1])])
  }, [map, cross])
}
