import { useMemo } from 'react'
import { patch, type Store } from '../model/store'
import type { ViewerState } from '../model/address'
import type { ItemDocument, Slice } from '../types'

export interface Steps {
  slice: number
  goTo: (key: string) => void
  step: (by: 1 | -1) => void
  stepSlice: (by: number) => void
  goToSlice: (index: number) => void
  stepStudy: (by: 1 | -1) => void
}

/** Ways to another item, slice or study. Measures belong to the picture that is left, and turns to its series. */
export function useSteps(
  state: Store<ViewerState>,
  key: string,
  item: ItemDocument | undefined,
  slices: readonly Slice[] | null,
): Steps {
  return useMemo(() => {
    const slice = slices?.findIndex((each) => each.key === key) ?? -1
    const goTo = (wanted: string | null | undefined) => {
      if (!wanted || wanted === state.get().item) return
      const isAlike = slices?.some((each) => each.key === wanted) ?? false
      patch(state, { item: wanted, measures: [], ...(isAlike ? {} : { rotation: 0, flip: false }) })
    }
    const goToSlice = (index: number) => goTo(slices?.[index]?.key)
    const now = () => slices?.findIndex((each) => each.key === state.get().item) ?? -1
    return {
      slice,
      goTo,
      goToSlice,
      step: (by) => {
        if (item?.key === state.get().item) goTo(by === 1 ? item.next : item.previous)
      },
      stepSlice: (by) => {
        const last = (slices?.length ?? 1) - 1
        if (now() >= 0) goToSlice(Math.max(0, Math.min(last, now() + by)))
      },
      stepStudy: (by) => goTo(by === 1 ? item?.study_position.next : item?.study_position.previous),
    }
  }, [state, key, item, slices])
}
