import { useRef } from 'react'

interface SliceTrackProps {
  /** What it runs over: "Slice". */
  label: string
  count: number
  index: number
  goTo: (index: number) => void
}

/** More slices than this are a line with a handle; fewer are a tick each. */
const MOST_TICKS = 80

/** Slices or frames along the bottom; pressed or dragged it goes to the one under the pointer. */
export function SliceTrack({ label, count, index, goTo }: SliceTrackProps) {
  const track = useRef<HTMLDivElement>(null)
  const at = (clientX: number) => {
    const box = track.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    const wanted = Math.floor(((clientX - box.left) / box.width) * count)
    goTo(Math.max(0, Math.min(count - 1, wanted)))
  }
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }
  return (
    <div
      ref={track}
      className={`ticks grow ${count > MOST_TICKS ? 'ticks-line' : ''}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={index + 1}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        at(event.clientX)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) at(event.clientX)
      }}
      onKeyDown={(event) => {
        const by = steps[event.key]
        const wanted = event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : index + (by ?? 0)
        if (by === undefined && event.key !== 'Home' && event.key !== 'End') return
        event.preventDefault()
        event.stopPropagation()
        goTo(Math.max(0, Math.min(count - 1, wanted)))
      }}
    >
      {count > MOST_TICKS ? (
        <i className="on" style={{ left: `${(100 * (index + 0.5)) / count}%` }} />
      ) : (
        Array.from({ length: count }, (_, each) => <i key={each} className={each === index ? 'on' : ''} />)
      )}
    </div>
  )
}
