import { useEffect, useMemo, useRef } from 'react'
import { useLocation, useNavigate } from 'react-router'

/** Changes the query of the address as it is at that moment; several changes in a row all count. */
export type ChangeAddress = (make: (address: URLSearchParams) => URLSearchParams) => void

/** The query of the address, and a stable way to change it without a new entry in the history. */
export function useAddress(): { address: URLSearchParams; change: ChangeAddress } {
  const { search } = useLocation()
  const navigate = useNavigate()
  const go = useRef(navigate)
  useEffect(() => {
    go.current = navigate
  })
  const address = useMemo(() => new URLSearchParams(search), [search])
  const change = useMemo<ChangeAddress>(
    () => (make) => {
      const before = new URLSearchParams(window.location.search)
      const next = make(new URLSearchParams(before))
      if (next.toString() === before.toString()) return
      void go.current({ search: next.toString() }, { replace: true })
    },
    [],
  )
  return { address, change }
}
