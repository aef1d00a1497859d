import { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { othersIn, readState, type ViewerState, writeState } from '../model/address'
import { Store } from '../model/store'

/** Browsers allow about three changes of the address a second; nobody sees fewer. */
const WRITE_AFTER_MS = 350

export interface View {
  /** Picture pixels for one of the page's. */
  resolution: number
  place: ViewerState['place']
}

export interface Address {
  state: Store<ViewerState>
  view: Store<View>
  /** What else the address has: the filters of the list that the item came from. */
  filters: string
}

/** The viewer's state, read from the address and written back into it in place. */
export function useAddress(): Address {
  const { search } = useLocation()
  const navigate = useNavigate()
  const [{ state, view }] = useState(() => {
    const first = readState(new URLSearchParams(search))
    return {
      state: new Store(first),
      view: new Store<View>({ resolution: 1, place: first.place }),
    }
  })
  const written = useRef(search)

  useEffect(() => {
    if (search === written.current) return
    written.current = search
    state.set(readState(new URLSearchParams(search)))
  }, [search, state])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const write = () => {
      const before = new URLSearchParams(written.current)
      const after = writeState({ ...state.get(), place: view.get().place }, before).toString()
      if (`?${after}` === written.current) return
      written.current = `?${after}`
      void navigate({ search: written.current }, { replace: true })
    }
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(write, WRITE_AFTER_MS)
    }
    const ends = [state.subscribe(later), view.subscribe(later)]
    return () => {
      clearTimeout(timer)
      ends.forEach((end) => end())
    }
  }, [navigate, state, view])

  return { state, view, filters: othersIn(new URLSearchParams(search)).toString() }
}
