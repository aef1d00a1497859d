import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { Section } from '../model/layout'

interface GroupHeadProps {
  section: Section
  height: number
  /** Where it stays while its items pass below it. */
  top: number
}

export function GroupHead({ section, height, top }: GroupHeadProps) {
  return (
    <div className="items-head" role="row" aria-rowindex={section.firstRow + 1} style={{ height, top }}>
      <div role="rowheader" className="row grow">
        <Name text={section.title ?? ''} className="b" />
        {section.part != null && <Name text={section.part} className="m2" />}
        <span className="m3 s12 nowrap">{count(section.count)}</span>
      </div>
    </div>
  )
}
