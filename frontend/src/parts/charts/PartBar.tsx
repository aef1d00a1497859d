import { count } from '../format'
import { PART_WORDS, PARTS, type Part } from './distribution'
import './charts.css'

interface PartBarProps {
  parts: Readonly<Record<Part, number>>
  /** In no part of the split. */
  rest?: number
  /** What the whole width stands for. */
  whole: number
  /** What is counted, for those who do not see it. */
  label: string
  height?: number
}

/** How an amount is spread over the parts of the split, as lengths side by side. */
export function PartBar({ parts, rest = 0, whole, label, height = 12 }: PartBarProps) {
  const shown = PARTS.filter((part) => parts[part] > 0)
  const words = shown.map((part) => `${PART_WORDS[part]} ${count(parts[part])}`)
  if (rest > 0) words.push(`in no part ${count(rest)}`)
  const lengthOf = (value: number) => `${whole === 0 ? 0 : (100 * value) / whole}%`
  return (
    <span className="part-bar" style={{ height }} role="img" aria-label={`${label}: ${words.join(', ')}`}>
      {shown.map((part) => (
        <i key={part} style={{ width: lengthOf(parts[part]), background: `var(--${part})` }} />
      ))}
      {rest > 0 && <i style={{ width: lengthOf(rest), background: 'var(--line-2)' }} />}
    </span>
  )
}

/** What the three colours of parts mean. */
export function PartKey() {
  return PARTS.map((part) => (
    <span key={part} className="row part-key">
      <PartSquare part={part} />
      {PART_WORDS[part]}
    </span>
  ))
}

export function PartSquare({ part }: { part: Part }) {
  return <span className="sq" style={{ background: `var(--${part})` }} />
}
