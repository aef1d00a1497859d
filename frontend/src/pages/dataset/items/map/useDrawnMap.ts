import { useCallback, useEffect, useMemo, useState } from 'react'
import { count } from '@/parts/format'
import { toast, toastProblem } from '@/parts/toast'
import { useDataset } from '../../useDataset'
import type { Filters } from '../model/filters'
import { has } from '../model/selection'
import type { Choosing } from '../useChoosing'
import type { ChipMap } from './ChipMap'
import { useMapLook } from './mapLook'
import type { Box, Camera } from './model/bounds'
import { stacksOf } from './model/stacks'
import { MOST_SELECTED, useFootprints, useKeysIn } from './useFootprints'

interface DrawnMap {
  map: ChipMap | null
  keep: (camera: Camera) => void
  filters: Filters
  choosing: Choosing
  /** The chip of the card. */
  chip: string | null
  setChip: (key: string | null) => void
}

/** Keeps the map as the address and the selection have it, and these as the map has them. */
export function useDrawnMap({ map, keep, filters, choosing, chip, setChip }: DrawnMap) {
  const { by } = useMapLook()
  const [box, setBox] = useState<Box | null>(null)
  const [at, setAt] = useState<readonly [number, number] | null>(null)
  const found = useFootprints(box, filters, by)
  const { data, isPlaceholderData } = found
  const stacks = useMemo(() => stacksOf(data?.features ?? []), [data])
  const { selection, toggleKey } = choosing
  const select = useSelecting(data?.complete === true && !isPlaceholderData, filters, choosing)
  usePictures(map)
  useEffect(() => {
    map?.listen({
      moved: (seen, camera) => {
        setBox(seen)
        keep(camera)
      },
      pressed: (keys, isAdding) => {
        if (!isAdding) setChip(keys[0] ?? null)
        else for (const key of keys) toggleKey(key)
      },
      selected: (keys, within) => void select(keys, within),
      placed: (pixel) =>
        setAt((before) => (before?.[0] === pixel?.[0] && before?.[1] === pixel?.[1] ? before : pixel)),
    })
  }, [map, keep, setChip, toggleKey, select])
  useEffect(() => {
    if (data !== undefined) map?.fill(stacks, data)
  }, [map, data, stacks])
  useEffect(() => map?.mark((key) => has(selection, key), chip), [map, selection, chip, data])
  return { found, stacks, at }
}

/** Selects the chips of a rectangle: those that are on the map where they are all, else as the server knows them. */
function useSelecting(areAllKnown: boolean, filters: Filters, { add }: Choosing) {
  const keysIn = useKeysIn(filters)
  return useCallback(
    async (keys: string[], within: Box) => {
      try {
        const all = areAllKnown ? keys : await keysIn(within)
        if (all !== null) add(all)
        else
          toast({
            kind: 'warn',
            title: `There are more than ${count(MOST_SELECTED)} items in it`,
            text: 'Draw a smaller rectangle, or filter the list and select all that match.',
          })
      } catch (error) {
        toastProblem(error)
      }
    },
    [areAllKnown, keysIn, add],
  )
}

function usePictures(map: ChipMap | null): void {
  const { show, version } = useDataset()
  const { pictures } = useMapLook()
  const dataset = encodeURIComponent(`${show.id}@${version}`)
  const query = pictures === 'labels' ? '?label=1' : ''
  const address = `/api/v1/datasets/${dataset}/map/WebMercatorQuad/{z}/{x}/{y}.png${query}`
  useEffect(() => map?.setPictures(pictures === 'off' ? null : address), [map, pictures, address])
}
