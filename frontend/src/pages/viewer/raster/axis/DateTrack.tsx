import { useRef } from 'react'
import { type SideName, useRaster } from '../hooks/useRaster'
import { dayText } from '../model/moments'

/** More dates than this have no names below their points but those that are chosen. */
const MOST_NAMES = 9
const CLOSE = 10
const SIDES: readonly SideName[] = ['left', 'right']

/** The dates as points on a line, one handle or two; pressed, dragged or moved by arrows. */
export function DateTrack({ isShort }: { isShort: boolean }) {
  const { moments, rightAt, leftAt, isSwiping, goTo } = useRaster()
  const track = useRef<HTMLDivElement>(null)
  const last = moments.length - 1
  const percent = (index: number) => (last === 0 ? 50 : (index / last) * 100)
  const nearest = (clientX: number) => {
    const box = track.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return 0
    return Math.max(0, Math.min(last, Math.round(((clientX - box.left) / box.width) * last)))
  }
  // Names of two handles close to each other would lie on each other; the bar tells both.
  const isClose = isSwiping && Math.abs(percent(rightAt) - percent(leftAt)) < CLOSE
  const isNamed = (index: number) =>
    moments.length <= MOST_NAMES || index === rightAt || (index === leftAt && !isClose)
  return (
    <div className="dates grow">
      <div ref={track} className="dates-line">
        {moments.map((moment, index) => (
          <button
            key={`${moment.key} ${moment.date ?? ''}`}
            type="button"
            tabIndex={-1}
            className="plain date-point"
            style={{ left: `${percent(index)}%` }}
            title={`${dayText(moment.time)}\n${moment.key}`}
            aria-label={`Show ${dayText(moment.time)}`}
            onClick={() => goTo(index)}
          >
            <i />
            {isNamed(index) && (
              <span className={index === rightAt || index === leftAt ? 'on' : ''}>
                {dayText(moment.time, isShort)}
              </span>
            )}
          </button>
        ))}
        {SIDES.filter((side) => side === 'right' || isSwiping).map((side) => {
          const at = side === 'left' ? leftAt : rightAt
          return (
            <span
              key={side}
              className={`date-handle date-${side}`}
              style={{ left: `${percent(Math.max(0, at))}%` }}
              role="slider"
              tabIndex={0}
              aria-label={isSwiping ? `Date at the ${side}` : 'Date'}
              aria-valuemin={1}
              aria-valuemax={moments.length}
              aria-valuenow={at + 1}
              aria-valuetext={dayText(moments[at]?.time ?? null)}
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={(event) => {
                if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
                const wanted = nearest(event.clientX)
                if (wanted !== at) goTo(wanted, side)
              }}
              onKeyDown={(event) => {
                const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key]
                if (to === undefined || event.shiftKey) return
                event.preventDefault()
                event.stopPropagation()
                goTo(Math.max(0, Math.min(last, to)), side)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}
