import { memo } from 'react'
import { visibleEnd } from './format'
import { chipsOf, type Label } from './labels'
import './labels.css'

interface ClassChipsProps {
  labels: readonly Label[]
  /** How many are drawn; the others are a number. */
  most?: number
}

/** The classes and values of a whole picture, as chips in one line. */
export const ClassChips = memo(function ClassChips({ labels, most = 1 }: ClassChipsProps) {
  const chips = chipsOf(labels)
  const rest = chips.slice(most)
  return (
    <span className="row class-chips">
      {chips.length === 0 && <span className="m3">no label</span>}
      {chips.slice(0, most).map(({ key, text, color }) => (
        <span key={key} className="chip" title={text}>
          {color !== null && <span className="sq" style={{ background: color }} />}
          <bdi className="el">{visibleEnd(text)}</bdi>
        </span>
      ))}
      {rest.length > 0 && (
        <span className="m3" title={rest.map(({ text }) => text).join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  )
})
