import type { ReactNode } from 'react'
import { count, secondsLeft } from './format'

interface ProgressProps {
  stage: string
  done: number
  /** Null while nobody knows. */
  total: number | null
  left?: number | null
  tone?: 'accent' | 'paused' | 'offline' | 'good'
  /** Beside the numbers: a rate, a link. */
  aside?: ReactNode
  unit?: (value: number) => string
}

const TONES = {
  accent: 'var(--accent)',
  paused: 'var(--control)',
  offline: 'var(--gold)',
  good: 'var(--good)',
}

/** Stage, n of N, time left, and a bar of fixed height. */
export function Progress(props: ProgressProps) {
  const { stage, done, total, left, tone = 'accent', aside, unit = count } = props
  const percent = total === null || total === 0 ? 0 : Math.min(100, (100 * done) / total)
  return (
    <div className="progress">
      <div className="row s12">
        <span className="mid el">{stage}</span>
        <span className="m3 nowrap num-tab">
          {total === null ? unit(done) : `${unit(done)} of ${unit(total)}`}
        </span>
        <span className="right m3 nowrap num-tab">
          {aside}
          {left !== null && left !== undefined ? secondsLeft(left) : null}
        </span>
      </div>
      <div
        className="prog"
        role="progressbar"
        aria-label={stage}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(total === null ? {} : { 'aria-valuenow': Math.round(percent) })}
      >
        <i style={{ width: `${percent}%`, background: TONES[tone] }} />
      </div>
    </div>
  )
}
