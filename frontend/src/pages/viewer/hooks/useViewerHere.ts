import { useCallback, useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { othersIn } from '../model/address'
import { Store } from '../model/store'
import { budgetHere, fetchingFrom, TileStore } from '../model/tileStore'
import type { StageMap } from '../stage/StageMap'
import type { Tool } from '../stage/tools'
import { hasRasters, type ItemDocument, spacingOf } from '../types'
import type { Loaded } from './useLoading'
import { useSteps } from './useSteps'
import type { Cursor, Stack, Viewer } from './useViewer'
import { anchorOf, useAnchor } from './useWindow'

/** Makes the map of a stage; the same one each time. */
export type MakeMap = (element: HTMLDivElement, tiles: TileStore) => StageMap

/** Everything that the parts of the viewer share. */
export function useViewerHere({ address, name, ref, show, item, slices }: Loaded, make: MakeMap): Viewer {
  const { current, frame, state, view, filters } = address
  const isColor = item.image.bands.length > 2
  const [stores] = useState(() => ({
    tiles: new TileStore(fetchingFrom(ref), budgetHere()),
    cursor: new Store<Cursor | null>(null),
    tool: new Store<Tool>(isColor || hasRasters(item) ? 'pan' : 'window'),
    anchor: new Store(anchorOf(item)),
  }))
  useAnchor(stores.anchor, state, item)
  const [map, setMap] = useState<StageMap | null>(null)
  const { tiles } = stores
  const attach = useCallback(
    (element: HTMLDivElement) => {
      const made = make(element, tiles)
      setMap(made)
      return () => {
        setMap(null)
        made.dispose()
      }
    },
    [tiles, make],
  )
  const stack = useMemo(() => stackOf(item, slices), [item, slices])
  const steps = useSteps(address, item, slices, stack)
  const leave = useLeave(name)
  return useMemo(
    () => ({
      ...{ current, frame, state, view, filters, name, ref, show, item, isColor, slices, stack },
      ...{ map, attach, leave },
      ...stores,
      ...steps,
      spacing: spacingOf(item),
    }),
    [
      current,
      frame,
      state,
      view,
      filters,
      name,
      ref,
      show,
      item,
      isColor,
      slices,
      stack,
      map,
      attach,
      leave,
      stores,
      steps,
    ],
  )
}

/** A series is a stack of its slices; only a picture that is alone is one of its frames. */
function stackOf({ image, series_items }: ItemDocument, slices: Loaded['slices']): Stack | null {
  if (slices !== null) return { kind: 'slice', count: slices.length }
  return series_items === 1 && image.frames > 1 ? { kind: 'frame', count: image.frames } : null
}

/** Back to where the viewer was opened from; to the dataset's items for who came by a link. */
function useLeave(name: string): () => void {
  const navigate = useNavigate()
  const { search } = useLocation()
  const others = othersIn(new URLSearchParams(search)).toString()
  return useCallback(() => {
    const { idx = 0 } = (window.history.state ?? {}) as { idx?: number }
    if (idx > 0) void navigate(-1)
    else void navigate({ pathname: `/datasets/${encodeURIComponent(name)}/items`, search: others })
  }, [navigate, name, others])
}
