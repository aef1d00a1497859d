import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, unwrap } from '@/api/client'
import { maskOf } from '@/parts/masks'
import { useSelected, useStore } from '../model/store'
import type { Tint } from '../stage/maskRaster'
import type { Viewer } from './useViewer'

/** The key of the overlays among the looks: that of a set without a name, of which there is none. */
export const OVERLAYS = '@'

const WHITE = '#ffffff'

/** The overlay planes of the picture that is shown, once they are switched on; asked for then and not before. */
export function useOverlays({ item, name, ref, state, frame }: Viewer): Tint[] {
  const look = useSelected(state, (each) => each.looks[OVERLAYS])
  const shown = useStore(frame)
  const { data } = useQuery({
    queryKey: ['dataset', name, 'overlays', ref, item.key, shown],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/item/overlays', {
          params: { path: { dataset: ref }, query: { key: item.key, frame: shown } },
          signal,
        }),
      ),
    enabled: item.image.overlays && look !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return useMemo(() => {
    if (look === undefined || data === undefined) return []
    return data.overlays.flatMap(({ mask }) => {
      const runs = maskOf(mask)
      const fits = runs?.width === item.image.width && runs.height === item.image.height
      const opacity = (look.opacity ?? 100) / 100
      return runs === null || !fits ? [] : [{ mask: runs, color: look.color ?? WHITE, opacity, pixels: 0 }]
    })
  }, [data, look, item])
}
