import { count, plural } from '@/parts/format'
import { Name } from '@/parts/Name'
import { readFacts } from '@/parts/recipe/facts'
import { itemsText } from '@/parts/words'
import type { Report, ReportSet } from '@/uploads/report'
import { ClassBars } from './ClassBars'
import { binShares, importedText, labelsWord } from './verdict'

const COLORS = ['var(--good)', 'var(--bad)', 'var(--control)']
const CLASSES_SHOWN = 8

/** The three bins as a bar and in words, and the labels that come with the pictures. */
export function WillBeImported({ report }: { report: Report }) {
  const { imported, rejected, ignored } = report.bins
  const [number, of] = importedText(report)
  const shares = binShares(report.bins)
  const { modality } = report
  // Masks are counted when their pixels are read; the names say how many there are.
  const pairs = readFacts(report.facts)?.pairs ?? null
  return (
    <section className="card" aria-label="What will be imported">
      <header>
        <h2>What will be imported</h2>
      </header>
      <div className="pad">
        <div
          className="bins"
          role="img"
          aria-label={`${imported} imported, ${rejected} rejected, ${ignored} ignored`}
        >
          {shares.map((share, index) =>
            share === 0 ? null : <i key={index} style={{ flex: share, background: COLORS[index] }} />,
          )}
        </div>
        <dl className="kv bins-words">
          <Bin color={COLORS[0] ?? ''} word="Imported" number={number} of={of} />
          <Bin color={COLORS[1] ?? ''} word="Rejected" {...files(rejected)} />
          <Bin color={COLORS[2] ?? ''} word="Ignored" {...files(ignored)} />
        </dl>
        {report.annotation_sets.map((set) => (
          <SetSummary
            key={set.name}
            set={set}
            items={modality === 'geospatial' && set.items === 0 ? pairs : set.items}
            isNamed={report.annotation_sets.length > 1}
            modality={modality}
          />
        ))}
      </div>
    </section>
  )
}

function files(number: number) {
  return { number: count(number), of: number === 1 ? 'file' : 'files' }
}

function Bin({ color, word, number, of }: { color: string; word: string; number: string; of: string }) {
  return (
    <>
      <dt className="row">
        <span className="sq" style={{ background: color }} />
        {word}
      </dt>
      <dd className="el">
        <b>{number}</b> <bdi>{of}</bdi>
      </dd>
    </>
  )
}

interface SetSummaryProps {
  set: ReportSet
  /** Null where nobody counted them yet. */
  items: number | null
  isNamed: boolean
  modality: string
}

function SetSummary({ set, items, isNamed, modality }: SetSummaryProps) {
  const total = set.classes.reduce((sum, each) => sum + each.count, 0)
  const shown = [...set.classes].sort((a, b) => b.count - a.count).slice(0, CLASSES_SHOWN)
  const more = set.classes.length - shown.length
  return (
    <>
      <div className="rule" />
      <div className="row s12 set-head">
        <span className="b nowrap">{labelsWord(set.task)}</span>
        {isNamed && <Name text={set.name} className="m2" />}
        <span className="m3 right nowrap num-tab">
          {total > 0 && `${count(total)} on `}
          {items !== null && itemsText(items, modality)}
        </span>
      </div>
      {total > 0 ? <ClassBars classes={shown} /> : <ClassNames classes={shown} />}
      {more > 0 && <div className="m3 s12">and {plural(more, 'class', 'classes')} more</div>}
    </>
  )
}

/** Classes of masks, whose pixels are counted when they are read. */
function ClassNames({ classes }: { classes: ReportSet['classes'] }) {
  return (
    <div className="row wrap">
      {classes.map((each) => (
        <span key={each.id} className="chip">
          <span className="sq" style={{ background: each.color }} />
          <bdi className="el">{each.name}</bdi>
        </span>
      ))}
    </div>
  )
}
