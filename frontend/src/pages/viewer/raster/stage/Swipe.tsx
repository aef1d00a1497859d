import { IconArrowsHorizontal } from '@tabler/icons-react'
import { useRef } from 'react'
import { useRaster } from '../hooks/useRaster'

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -0.02,
  ArrowRight: 0.02,
  PageUp: -0.1,
  PageDown: 0.1,
}

/** The line between the two sides; dragged, or moved by arrows when it has the focus. */
export function Swipe() {
  const { state, change } = useRaster()
  const area = useRef<HTMLDivElement>(null)
  const at = state.swipe ?? 0.5
  const set = (wanted: number) => change({ swipe: Math.max(0, Math.min(1, wanted)) })
  const drag = (clientX: number) => {
    const box = area.current?.getBoundingClientRect()
    if (box !== undefined && box.width > 0) set((clientX - box.left) / box.width)
  }
  return (
    <div className="swipe" ref={area}>
      <div
        className="swipe-line"
        style={{ left: `${at * 100}%` }}
        role="slider"
        tabIndex={0}
        aria-label="Swipe"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        aria-valuetext={`${Math.round(at * 100)} % of the width shows the left side`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          event.preventDefault()
          event.currentTarget.focus()
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event.clientX)
        }}
        onKeyDown={(event) => {
          const step = event.key === 'Home' ? -1 : event.key === 'End' ? 1 : STEPS[event.key]
          if (step === undefined || event.shiftKey) return
          event.preventDefault()
          event.stopPropagation()
          set(at + step)
        }}
      >
        <span className="swipe-handle">
          <IconArrowsHorizontal size={16} stroke={1.7} aria-hidden />
        </span>
      </div>
    </div>
  )
}
