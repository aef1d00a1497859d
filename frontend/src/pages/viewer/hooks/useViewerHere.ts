import { useCallback, useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { othersIn } from '../model/address'
import { levelsOf } from '../model/geometry'
import { Store } from '../model/store'
import { budgetHere, fetchingFrom, TileStore } from '../model/tileStore'
import { PictureMap } from '../stage/PictureMap'
import type { Picture } from '../stage/PictureSource'
import type { Tool } from '../stage/tools'
import { type ItemDocument, type Slice, spacingOf } from '../types'
import type { Loaded } from './useLoading'
import { useSteps } from './useSteps'
import type { Cursor, Viewer } from './useViewer'
import { useWindow } from './useWindow'

/** Everything that the parts of the viewer share. */
export function useViewerHere(loaded: Loaded): Viewer {
  const { address, name, ref, show, item, key, slices } = loaded
  const [tiles] = useState(() => new TileStore(fetchingFrom(ref), budgetHere()))
  const [map, setMap] = useState<PictureMap | null>(null)
  const isColor = item.image.bands.length > 2
  const [cursor] = useState(() => new Store<Cursor | null>(null))
  const [tool] = useState(() => new Store<Tool>(isColor ? 'pan' : 'window'))
  const attach = useCallback(
    (element: HTMLDivElement) => {
      const made = new PictureMap(element, tiles)
      setMap(made)
      return () => {
        setMap(null)
        made.dispose()
      }
    },
    [tiles],
  )
  const picture = useMemo(() => pictureOf(item, key, slices), [item, key, slices])
  return {
    name,
    ref,
    filters: address.filters,
    show,
    item,
    isSettled: item.key === key,
    key,
    picture,
    spacing: useMemo(() => spacingOf(item), [item]),
    state: address.state,
    view: address.view,
    cursor,
    tool,
    tiles,
    map,
    attach,
    isColor,
    ...useWindow(address.state, item, isColor),
    slices,
    ...useSteps(address.state, key, item, slices),
    leave: useLeave(name),
  }
}

/** What of a picture can be drawn: of a slice that runs by, taken to be of the kind of the one told about last. */
function pictureOf(item: ItemDocument, key: string, slices: readonly Slice[] | null): Picture {
  const { image } = item
  const { sha256, width, height, tile, levels, dtype, bands } = image
  const slice = item.key === key ? undefined : slices?.find((each) => each.key === key)
  if (slice === undefined) return { sha256, width, height, tile, levels, dtype, bands }
  return {
    sha256: slice.sha256,
    width: slice.width,
    height: slice.height,
    tile,
    levels: levelsOf(slice.width, slice.height, tile),
    dtype,
    bands,
  }
}

/** Back to where the viewer was opened from; to the dataset's items for who came by a link. */
function useLeave(name: string): () => void {
  const navigate = useNavigate()
  const { search } = useLocation()
  return () => {
    const { idx = 0 } = (window.history.state ?? {}) as { idx?: number }
    if (idx > 0) void navigate(-1)
    else {
      const others = othersIn(new URLSearchParams(search)).toString()
      void navigate({ pathname: `/datasets/${encodeURIComponent(name)}/items`, search: others })
    }
  }
}
