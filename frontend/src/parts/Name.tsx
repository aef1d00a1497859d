import { Tooltip } from '@mantine/core'
import { visibleEnd } from './format'

interface NameProps {
  /** Exactly what the person wrote. */
  text: string
  /** Files are cut in front, so that the number at their end stays. */
  file?: boolean
  className?: string
}

/** A name from a person or a file: isolated, as text, cut with "…" and whole in a tooltip. */
export function Name({ text, file = false, className = '' }: NameProps) {
  return (
    <Tooltip label={<bdi>{visibleEnd(text)}</bdi>} events={{ hover: true, focus: true, touch: false }}>
      <bdi className={`${file ? 'name-file mono' : 'el'} ${className}`}>
        {file ? <bdi>{visibleEnd(text)}</bdi> : visibleEnd(text)}
      </bdi>
    </Tooltip>
  )
}
