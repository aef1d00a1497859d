import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Viewer } from '../../hooks/useViewer'
import type { Range } from '../../model/windowing'
import { neededOf, rangesOf, type Shown } from '../model/shown'
import { rangeBy } from '../model/stretch'
import { formulaOf } from '../stage/texturing'

type Tiles = Pick<Viewer, 'tiles' | 'ref'>

/** From what to what each of some displays goes; of formulas they are reckoned from the coarsest tile. */
export function useRanges({ tiles, ref }: Tiles, all: readonly Shown[]): (Range[] | null)[] {
  const reckoned = useQueries({ queries: all.map((shown) => rangeQuery({ tiles, ref }, shown)), combine })
  return useMemo(
    () =>
      all.map((shown, index) => {
        const needed = neededOf(shown)
        return needed === null ? null : (rangesOf(shown, needed) ?? reckoned[index] ?? null)
      }),
    [all, reckoned],
  )
}

function combine(results: UseQueryResult<Range[]>[]): (Range[] | null)[] {
  return results.map(({ data }) => data ?? null)
}

function rangeQuery({ tiles, ref }: Tiles, shown: Shown) {
  const { stretch, formula } = shown.display
  const needed = neededOf(shown)
  const shares = stretch.of === 'own' ? ([2, 98] as const) : ([stretch.low, stretch.high] as const)
  return {
    queryKey: ['raster-range', ref, needed?.content ?? null, formula, shares],
    staleTime: Infinity,
    gcTime: 60_000,
    enabled: needed !== null && rangesOf(shown, needed) === null,
    queryFn: async (): Promise<Range[]> => {
      if (needed?.expression == null) throw new Error('A formula that does not read has no range.')
      const level = shown.layer.levels - 1
      const tile = await tiles.load({ ...needed.content, level, column: 0, row: 0 })
      const channels = new Map(needed.channels.map((channel) => [channel.name, channel]))
      const values = formulaOf(tile, needed.expression, channels, needed.validity)
      return [rangeBy(values, ...shares) ?? { low: 0, high: 1 }]
    },
  }
}
