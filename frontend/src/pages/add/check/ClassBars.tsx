import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { ReportClass } from '@/uploads/report'

/** Classes with their colours and counts, as bars against the largest. */
export function ClassBars({ classes }: { classes: readonly ReportClass[] }) {
  const most = Math.max(1, ...classes.map((each) => each.count))
  return (
    <ul className="class-bars">
      {classes.map((each) => (
        <li key={each.id} className="row s12">
          <span className="sq" style={{ background: each.color }} />
          <span className="class-name">
            <Name text={each.name} />
          </span>
          <span className="grow" aria-hidden>
            <span className="prog class-bar">
              <i style={{ width: `${(100 * each.count) / most}%`, background: each.color }} />
            </span>
          </span>
          <span className="m2 num-tab">{count(each.count)}</span>
        </li>
      ))}
    </ul>
  )
}
