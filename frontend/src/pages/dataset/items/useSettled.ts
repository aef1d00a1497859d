import { useEffect, useState } from 'react'

const SETTLED_AFTER_MS = 70

/** The text at once when it changes now and then; only the last one while it changes all the time. */
export function useSettled(value: string, after = SETTLED_AFTER_MS): string {
  const [state, setState] = useState({ value, shown: value, waiting: false })
  if (state.value !== value) {
    setState({ value, shown: state.waiting ? state.shown : value, waiting: true })
  }
  useEffect(() => {
    const timer = setTimeout(() => setState({ value, shown: value, waiting: false }), after)
    return () => clearTimeout(timer)
  }, [value, after])
  return state.shown
}
