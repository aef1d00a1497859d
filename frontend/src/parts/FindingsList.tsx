import {
  IconAlertCircle,
  IconAlertTriangle,
  IconChevronDown,
  IconChevronRight,
  IconFileOff,
  IconInfoCircle,
  IconPhotoX,
  IconTable,
  IconTags,
} from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import type { Finding } from '@/api/errors'
import { describeFinding, type FindingGroup, groupFindings, type Place, type Weight } from './findings'
import { count, visibleEnd } from './format'
import { Name } from './Name'
import './findings.css'

interface FindingsListProps {
  findings: readonly Finding[]
  /** What can be decided about a finding, drawn in its line. */
  choice?: (finding: Finding) => ReactNode
  /** At the right of the first group's title, such as the download of a report. */
  action?: ReactNode
}

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const
const FILES_SHOWN = 5
const TONES: Record<Weight, string> = { rejected: 'bad', mend: 'bad', look: 'warn', note: 'm3' }

/** What was noticed, by weight: rejected, to mend, worth a look, for your information (closed at first). */
export function FindingsList({ findings, choice, action }: FindingsListProps) {
  const groups = groupFindings(findings)
  return groups.map((group, index) => (
    <Group key={group.weight} group={group} choice={choice} action={index === 0 ? action : undefined} />
  ))
}

interface GroupProps {
  group: FindingGroup
  choice: FindingsListProps['choice']
  action: ReactNode
}

function Group({ group, choice, action }: GroupProps) {
  const isNote = group.weight === 'note'
  const [open, setOpen] = useState(!isNote)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <section className="card findings" aria-label={group.title}>
      <header>
        <WeightIcon weight={group.weight} />
        <h2>{group.title}</h2>
        <span className={isNote ? 'm3 s12 right' : 'm3'}>{group.aside}</span>
        {action !== undefined && <span className={isNote ? '' : 'right'}>{action}</span>}
        {isNote && (
          <button
            type="button"
            className="plain findings-toggle"
            aria-expanded={open}
            aria-label={`${open ? 'Hide' : 'Show'} ${group.title.toLowerCase()}`}
            onClick={() => setOpen(!open)}
          >
            <Chevron size={14} stroke={1.7} aria-hidden />
          </button>
        )}
      </header>
      {open &&
        group.findings.map((finding) => (
          <FindingLine
            key={`${finding.code} ${finding.subject}`}
            finding={finding}
            tone={TONES[group.weight]}
            choice={choice?.(finding)}
          />
        ))}
    </section>
  )
}

function WeightIcon({ weight }: { weight: Weight }) {
  const Icon = weight === 'note' ? IconInfoCircle : weight === 'look' ? IconAlertTriangle : IconAlertCircle
  return <Icon {...ICON} className={TONES[weight]} />
}

interface LineProps {
  finding: Finding
  tone: string
  choice: ReactNode
}

function FindingLine({ finding, tone, choice }: LineProps) {
  const text = describeFinding(finding)
  return (
    <div className="find">
      <div className="h">
        <FindingIcon finding={finding} className={`find-icon ${tone}`} />
        <div className="grow">
          <div className="row find-title">
            <bdi className="b">{text.title}</bdi>
            {text.amount !== '' && <span className="right m3 s12 nowrap num-tab">{text.amount}</span>}
          </div>
          {text.why !== '' && (
            <div className="why">
              <bdi>{text.why}</bdi>
            </div>
          )}
          {text.todo !== '' && (
            <div className="todo">
              <span className="m3">What to do:</span> <bdi>{text.todo}</bdi>
            </div>
          )}
        </div>
        {choice}
      </div>
      <PlaceList places={text.places} total={finding.count} shared={text.why} />
    </div>
  )
}

/** Where it was seen: five places, then the rest that the server named, then how many more there are. */
export function PlaceList({ places, total, shared = '' }: PlaceListProps) {
  const [whole, setWhole] = useState(false)
  const id = useId()
  if (places.length === 0) return null
  const shown = whole ? places : places.slice(0, FILES_SHOWN)
  const unnamed = total - places.length
  return (
    <div className="files" id={id}>
      {shown.map((place, index) => (
        <div key={index}>
          <span className="grow files-name">
            <Name text={place.where} file={!place.where.startsWith('row ')} />
          </span>
          {place.why !== shared && (
            <bdi className="m2 files-why" dir="auto">
              {visibleEnd(place.why)}
            </bdi>
          )}
        </div>
      ))}
      {shown.length < places.length && (
        <div>
          <button
            type="button"
            className="plain acc files-more"
            aria-controls={id}
            aria-expanded={false}
            onClick={() => setWhole(true)}
          >
            {count(places.length - shown.length)} more
          </button>
        </div>
      )}
      {shown.length === places.length && unnamed > 0 && (
        <div className="m3">and {count(unnamed)} more, in the log</div>
      )}
    </div>
  )
}

interface PlaceListProps {
  places: readonly Place[]
  total: number
  /** A reason that stands above the list already. */
  shared?: string
}

function FindingIcon({ finding, className }: { finding: Finding; className: string }) {
  const props = { ...ICON, className }
  if (finding.code === 'file_rejected') {
    return finding.subject === 'empty_file' ? <IconFileOff {...props} /> : <IconPhotoX {...props} />
  }
  if (finding.code.startsWith('class')) return <IconTags {...props} />
  const isOfRows = finding.examples[0]?.startsWith('row ') === true || finding.subject.endsWith('.csv')
  if (isOfRows) return <IconTable {...props} />
  if (finding.severity === 'error') return <IconAlertCircle {...props} />
  return finding.severity === 'warning' ? <IconAlertTriangle {...props} /> : <IconInfoCircle {...props} />
}
