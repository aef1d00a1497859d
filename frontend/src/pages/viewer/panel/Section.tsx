import type { ReactNode } from 'react'

interface SectionProps {
  title: string
  actions?: ReactNode
  children: ReactNode
}

/** A part of the panel, with its buttons beside the title. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section className="sec" aria-label={title}>
      <div className="row sec-head">
        <h2>{title}</h2>
        <span className="right row">{actions}</span>
      </div>
      {children}
    </section>
  )
}
