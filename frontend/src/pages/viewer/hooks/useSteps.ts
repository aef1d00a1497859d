import { useMemo } from 'react'
import { patch } from '../model/store'
import type { ItemDocument, Slice } from '../types'
import type { Address } from './useAddress'

export interface Steps {
  goTo: (key: string) => void
  step: (by: 1 | -1) => void
  stepSlice: (by: number) => void
  goToSlice: (index: number) => void
  stepStudy: (by: 1 | -1) => void
}

/** Ways to another item, slice or study. Measures belong to the picture that is left, and turns to its series. */
export function useSteps(
  { current, state }: Address,
  item: ItemDocument,
  slices: readonly Slice[] | null,
): Steps {
  return useMemo(() => {
    const indexOf = (key: string | null) => slices?.findIndex((each) => each.key === key) ?? -1
    const goTo = (wanted: string | null | undefined) => {
      if (!wanted || wanted === current.get()) return
      const { measures, rotation, flip } = state.get()
      if (measures.length > 0) patch(state, { measures: [] })
      const turned = rotation !== 0 || flip
      if (turned && indexOf(wanted) < 0) patch(state, { rotation: 0, flip: false })
      current.set(wanted)
    }
    const goToSlice = (index: number) => goTo(slices?.[index]?.key)
    return {
      goTo,
      goToSlice,
      step: (by) => {
        // Until it is told about, nobody knows what comes next.
        if (item.key === current.get()) goTo(by === 1 ? item.next : item.previous)
      },
      stepSlice: (by) => {
        const now = indexOf(current.get())
        if (now >= 0) goToSlice(Math.max(0, Math.min((slices?.length ?? 1) - 1, now + by)))
      },
      stepStudy: (by) => goTo(by === 1 ? item.study_position.next : item.study_position.previous),
    }
  }, [current, state, item, slices])
}
