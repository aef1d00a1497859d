import { useMemo } from 'react'
import { patch } from '../model/store'
import type { ItemDocument, Slice } from '../types'
import type { Address } from './useAddress'
import type { Stack } from './useViewer'

export interface Steps {
  goTo: (key: string) => void
  step: (by: 1 | -1) => void
  /** In the stack: to another slice, or to another frame. */
  stepStack: (by: number) => void
  goInStack: (index: number) => void
  stepFrame: (by: 1 | -1) => void
  stepStudy: (by: 1 | -1) => void
}

/** Ways to another item, slice, frame or study. Measures belong to the picture that is left, turns to its series. */
export function useSteps(
  { current, frame, state }: Address,
  item: ItemDocument,
  slices: readonly Slice[] | null,
  stack: Stack | null,
): Steps {
  return useMemo(() => {
    const indexOf = (key: string | null) => slices?.findIndex((each) => each.key === key) ?? -1
    const forget = () => {
      if (state.get().measures.length > 0) patch(state, { measures: [] })
    }
    const goTo = (wanted: string | null | undefined) => {
      if (!wanted || wanted === current.get()) return
      forget()
      const { rotation, flip } = state.get()
      const turned = rotation !== 0 || flip
      if (turned && indexOf(wanted) < 0) patch(state, { rotation: 0, flip: false })
      frame.set(0)
      current.set(wanted)
    }
    const goToFrame = (wanted: number) => {
      const next = Math.max(0, Math.min(item.image.frames - 1, wanted))
      if (item.key !== current.get() || next === frame.get()) return
      forget()
      frame.set(next)
    }
    const goInStack = (index: number) =>
      stack?.kind === 'frame' ? goToFrame(index) : goTo(slices?.[index]?.key)
    return {
      goTo,
      goInStack,
      step: (by) => {
        // Until it is told about, nobody knows what comes next.
        if (item.key === current.get()) goTo(by === 1 ? item.next : item.previous)
      },
      stepStack: (by) => {
        const now = stack?.kind === 'frame' ? frame.get() : indexOf(current.get())
        if (now >= 0) goInStack(Math.max(0, Math.min((stack?.count ?? 1) - 1, now + by)))
      },
      stepFrame: (by) => goToFrame(frame.get() + by),
      stepStudy: (by) => goTo(by === 1 ? item.study_position.next : item.study_position.previous),
    }
  }, [current, frame, state, item, slices, stack])
}
