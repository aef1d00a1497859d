import { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { frameIn, itemIn, othersIn, readState, type ViewerState, writeState } from '../model/address'
import { Store } from '../model/store'

/** Browsers allow about three changes of the address a second; nobody sees fewer. */
const WRITE_AFTER_MS = 350

export interface View {
  /** Picture pixels for one of the page's. */
  resolution: number
  place: ViewerState['place']
}

export interface Address {
  /** The key of the item that is shown; null: the first one. */
  current: Store<string | null>
  /** Which of its frames, from 0. */
  frame: Store<number>
  state: Store<ViewerState>
  view: Store<View>
  /** What else the address has: the filters of the list that the item came from. */
  filters: string
}

/** The viewer's state, read from the address and written back into it in place. */
export function useAddress(): Address {
  const { search } = useLocation()
  const navigate = useNavigate()
  const [{ current, frame, state, view }] = useState(() => {
    const first = readState(new URLSearchParams(search))
    return {
      current: new Store(itemIn(new URLSearchParams(search))),
      frame: new Store(frameIn(new URLSearchParams(search))),
      state: new Store(first),
      view: new Store<View>({ resolution: 1, place: first.place }),
    }
  })
  const written = useRef(search)

  useEffect(() => {
    if (search === written.current) return
    written.current = search
    frame.set(frameIn(new URLSearchParams(search)))
    current.set(itemIn(new URLSearchParams(search)))
    state.set(readState(new URLSearchParams(search)))
  }, [search, current, frame, state])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const write = () => {
      const before = new URLSearchParams(written.current)
      const shown = { ...state.get(), place: view.get().place }
      const after = writeState(current.get(), shown, before, frame.get()).toString()
      if (`?${after}` === written.current) return
      written.current = `?${after}`
      void navigate({ search: written.current }, { replace: true })
    }
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(write, WRITE_AFTER_MS)
    }
    const ends = [current, frame, state, view].map((store) => store.subscribe(later))
    return () => {
      clearTimeout(timer)
      ends.forEach((end) => end())
    }
  }, [navigate, current, frame, state, view])

  return { current, frame, state, view, filters: othersIn(new URLSearchParams(search)).toString() }
}
