import { useEffect, useState } from 'react'
import { marksOf, tintsOf } from '../model/marks'
import { patch, Store, useSelected, useStore } from '../model/store'
import { textureUnit } from '../model/tiles'
import { dragged, type Range, samplesOf, shadingOf } from '../model/windowing'
import { PictureMap } from '../stage/PictureMap'
import type { Picture } from '../stage/PictureSource'
import { valueTypeOf } from '../types'
import { useOverlays } from './useOverlays'
import { useLabels, usePicture, type Viewer } from './useViewer'
import { useWindow } from './useWindow'

export interface StageState {
  /** Why tiles did not load; null when all did. */
  failure: string | null
  isLoading: Store<boolean>
}

/** Keeps the map as the state has it, and the state as the map has it. */
export function useStage(viewer: Viewer): StageState {
  const map = pictureMapOf(viewer)
  const picture = usePicture()
  const windowing = useWindow()
  const [failure, setFailure] = useState<string | null>(null)
  const [isLoading] = useState(() => new Store(true))
  const { state, view, cursor, isColor, item } = viewer
  const type = valueTypeOf(item)
  const { range, span, setWindow } = windowing
  useEffect(() => {
    map?.listen({
      moved: (resolution, place) => view.set({ resolution, place }),
      pointed: (point) => cursor.set(point === null ? null : { point, isByKeys: false }),
      windowed: (right, down) => {
        const { brightness, contrast } = state.get()
        const limited = (value: number) => Math.max(-100, Math.min(100, value))
        if (!isColor) setWindow(dragged(range, right, down, span, type))
        // As for gray values: to the right is flatter, downwards is darker.
        else
          patch(state, {
            contrast: limited(contrast - right / 4),
            brightness: limited(brightness - down / 4),
          })
      },
      measured: (from, to) => patch(state, { measures: [...state.get().measures, [from, to]] }),
      failed: setFailure,
      loading: isLoading.set,
    })
  }, [map, state, view, cursor, range, span, setWindow, type, isColor, isLoading])
  // The map tells where it stands as soon as it shows something, so these come after.
  useShown(viewer, picture, range)
  useDrawings(viewer, picture)
  return { failure, isLoading }
}

function pictureMapOf({ map }: Viewer): PictureMap | null {
  return map instanceof PictureMap ? map : null
}

function useShown(viewer: Viewer, picture: Picture, range: Range) {
  const { item } = viewer
  const map = pictureMapOf(viewer)
  const { flip, smooth, rotation, brightness, contrast, opacity, ...state } = useStore(viewer.state)
  // Pictures whose least value is white open so; inverting goes on from there.
  const invert = state.invert !== item.image.inverted
  const samples = samplesOf(range, item.image.rescale)
  const shading = shadingOf(samples, { invert, brightness, contrast }, textureUnit(picture.dtype))
  const { low, gain, shift } = shading
  useEffect(() => {
    const { place } = viewer.view.get()
    map?.show(picture, { flip, smooth, shading: { low, gain, shift }, place })
    // A change of the shading alone is drawn below, without asking for a tile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [map, picture, flip, smooth, viewer.view])
  useEffect(() => map?.shade({ low, gain, shift }), [map, picture, low, gain, shift])
  useEffect(() => map?.setOpacity(opacity / 100), [map, opacity])
  useEffect(() => map?.camera.turn(rotation), [map, rotation])
}

function useDrawings(viewer: Viewer, picture: Picture) {
  const { spacing } = viewer
  const map = pictureMapOf(viewer)
  const all = useLabels()
  const state = useStore(viewer.state)
  const tool = useStore(viewer.tool)
  const cross = useSelected(viewer.cursor, (each) => (each?.isByKeys ? each.point : null))
  const { flip, measures, labels, hidden, looks } = state
  const overlays = useOverlays(viewer)
  useEffect(() => {
    const now = viewer.state.get()
    map?.drawLabels(marksOf(all, now, picture), [...tintsOf(all, now, picture), ...overlays])
  }, [map, picture, flip, all, labels, hidden, looks, overlays, viewer.state])
  useEffect(() => map?.drawMeasures(measures, spacing), [map, picture, flip, measures, spacing])
  useEffect(() => map?.setTool(tool), [map, tool])
  useEffect(() => {
    map?.drawCursor(cross === null ? null : [Math.floor(cross[0]), Math.floor(cross[1])])
  }, [map, picture, flip, cross])
}
