import { useComputedColorScheme } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useAddress } from '../useAddress'
import { ChipMap } from './ChipMap'
import { type Camera, cameraIn, cameraText } from './model/bounds'
import { paintHere } from './paint'
import type { ColorBy } from './types'

const WRITE_AFTER_MS = 350

/** The map for as long as it is on the page; made anew for another colour scheme, where it was. */
export function useChipMap(by: ColorBy) {
  const { address, change } = useAddress()
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const [map, setMap] = useState<ChipMap | null>(null)
  const [begun] = useState(() => cameraIn(address.get('place')))
  const camera = useRef<Camera | null>(begun)
  const canvas = useRef<HTMLDivElement | null>(null)
  const scale = useRef<HTMLDivElement | null>(null)
  const corner = useRef<HTMLDivElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const first = useRef(by)
  useEffect(() => {
    if (canvas.current === null || scale.current === null || corner.current === null) return
    const places = { canvas: canvas.current, scale: scale.current, corner: corner.current }
    const made = new ChipMap(places, paintHere(places.canvas, first.current))
    if (camera.current !== null) made.goTo(camera.current)
    setMap(made)
    return () => {
      setMap(null)
      made.dispose()
    }
  }, [scheme])
  useEffect(() => {
    first.current = by
    if (map !== null && canvas.current !== null) map.repaint(paintHere(canvas.current, by))
  }, [map, by])
  useEffect(() => () => clearTimeout(timer.current), [])
  const keep = useCallback<(camera: Camera) => void>(
    (now) => {
      camera.current = now
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        change((before) => {
          const next = new URLSearchParams(before)
          next.set('place', cameraText(now))
          return next
        })
      }, WRITE_AFTER_MS)
    },
    [change],
  )
  return { map, canvas, scale, corner, keep, hadPlace: begun !== null }
}
