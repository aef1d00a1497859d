import { Button } from '@mantine/core'
import { useState } from 'react'
import { count, plural } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { ReportClass } from '@/uploads/report'

const ROWS_SHOWN = 100

/** Classes with colour, name, count and share; the first hundred, then as many more at a time. */
export function ClassTable({ classes, word }: { classes: readonly ReportClass[]; word: string }) {
  const [shown, setShown] = useState(ROWS_SHOWN)
  const most = Math.max(1, ...classes.slice(0, ROWS_SHOWN).map((each) => each.count))
  if (classes.length === 0) return <p className="m3">No class has that in its name.</p>
  return (
    <>
      <table className="class-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" aria-label="Share" />
            <th scope="col" className="num">
              {word === 'Classes' ? 'Pictures' : word}
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.slice(0, shown).map((each) => (
            <tr key={each.id}>
              <td>
                <span className="row">
                  <span className="sq lg" style={{ background: each.color }} />
                  <Name text={each.name} />
                </span>
              </td>
              <td aria-hidden>
                <span className="prog class-bar">
                  <i style={{ width: `${(100 * each.count) / most}%`, background: each.color }} />
                </span>
              </td>
              <td className="num">{count(each.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {classes.length > shown && (
        <Button variant="transparent" size="compact-sm" onClick={() => setShown(shown + ROWS_SHOWN)}>
          {plural(Math.min(ROWS_SHOWN, classes.length - shown), 'more class', 'more classes')}
        </Button>
      )}
    </>
  )
}
