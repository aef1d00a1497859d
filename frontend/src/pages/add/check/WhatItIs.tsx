import { Button } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconCircleCheck, IconCircleMinus } from '@tabler/icons-react'
import { useState } from 'react'
import { plural } from '@/parts/format'
import type { Report } from '@/uploads/report'

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const
const REFUSED_SHOWN = 2

interface WhatItIsProps {
  report: Report
  /** Read it as another format that accepts it; null: as the best. */
  choose: (format: string | null) => void
  isChosen: boolean
}

/** The format that it is read as, those that it could be, and why it is none of the others. */
export function WhatItIs({ report, choose, isChosen }: WhatItIsProps) {
  const [whole, setWhole] = useState(false)
  const [best] = report.accepted
  const taken = report.accepted.find((each) => each.format === report.format)
  const others = report.accepted.filter((each) => each.format !== report.format)
  const refused = whole ? report.refused : report.refused.slice(0, REFUSED_SHOWN)
  const more = report.refused.length - REFUSED_SHOWN
  return (
    <section className="card" aria-label="What it is">
      <header>
        <h2>What it is</h2>
      </header>
      <div className="pad formats">
        <div className="row format">
          <IconCircleCheck {...ICON} className="good" />
          <div className="grow">
            <div className="b">{taken?.title ?? report.format}</div>
            <div className="s12 m3">
              <bdi>{taken?.why}</bdi>
            </div>
          </div>
          {isChosen && best?.format !== report.format && (
            <Button size="compact-sm" onClick={() => choose(null)}>
              As proposed
            </Button>
          )}
        </div>
        {others.map((each) => (
          <div key={each.format} className="row format">
            <IconCircleCheck {...ICON} className="m3" />
            <div className="grow">
              <div className="mid m2">{each.title ?? each.format}</div>
              <div className="s12 m3">
                <bdi>{each.why}</bdi>
              </div>
            </div>
            <Button
              size="compact-sm"
              aria-label={`Read it as ${each.title ?? each.format}`}
              onClick={() => choose(each.format)}
            >
              Read as this
            </Button>
          </div>
        ))}
        {refused.length > 0 && <div className="rule" />}
        {refused.map((each) => (
          <Refusal
            key={each.format}
            title={each.title ?? each.format}
            why={each.why}
            hint={whole ? each.hint : ''}
          />
        ))}
        {more > 0 && (
          <button
            type="button"
            className="plain row s12 acc formats-more"
            aria-expanded={whole}
            onClick={() => setWhole(!whole)}
          >
            {whole ? 'Fewer formats' : plural(more, 'more format', 'more formats')}
            {whole ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          </button>
        )}
      </div>
    </section>
  )
}

/** A format that refuses the source: why, and what would change that. */
export function Refusal({ title, why, hint }: { title: string; why: string; hint: string }) {
  // A hint of the command line alone says nothing here.
  const todo = hint.includes('--') ? '' : hint
  return (
    <div className="row format">
      <IconCircleMinus {...ICON} className="m3" />
      <div className="grow">
        <div className="mid m2">{title}</div>
        <div className="s12 m3">
          <bdi>{why}</bdi>
        </div>
        {todo !== '' && <div className="s12 m2">{todo}</div>}
      </div>
    </div>
  )
}
