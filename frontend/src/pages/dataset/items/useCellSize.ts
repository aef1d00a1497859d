import { useCallback, useState } from 'react'

export const CELL_LEAST = 84
export const CELL_MOST = 480
const USUAL = 180
const STORED = 'triptych.cell'

/** How wide cells are at least, in pixels: a taste of the person, kept in their browser. */
export function useCellSize(): [number, (cell: number) => void] {
  const [cell, setCell] = useState(stored)
  const change = useCallback((wanted: number) => {
    const next = Math.max(CELL_LEAST, Math.min(CELL_MOST, Math.round(wanted)))
    localStorage.setItem(STORED, String(next))
    setCell(next)
  }, [])
  return [cell, change]
}

function stored(): number {
  const value = Number(localStorage.getItem(STORED) ?? USUAL)
  return value >= CELL_LEAST && value <= CELL_MOST ? value : USUAL
}
