import { TextInput } from '@mantine/core'
import { IconAlertTriangle, IconSearch } from '@tabler/icons-react'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { count, plural, share } from '../format'
import { Name } from '../Name'
import { itemsTitle } from '../words'
import {
  byFrequency,
  type ClassSpread,
  type Counted,
  countsLabels,
  type Distribution,
  imbalance,
  missingIn,
  nounOf,
  PART_WORDS,
  PARTS,
  unsplit,
  wholeOf,
} from './distribution'
import { PartBar, PartKey } from './PartBar'
import './charts.css'

interface ClassDistributionProps {
  distribution: Distribution
  view: 'chart' | 'table'
  counted: Counted
  /** Where the items of a class are shown. */
  hrefOf: (name: string) => string
}

const AT_FIRST = 12
const MORE = 100
const SEARCH_FROM = 20

/** How often each class of an annotation set occurs, in all and in each part of the split: as bars or as a table. */
export function ClassDistribution({ distribution, view, counted, hrefOf }: ClassDistributionProps) {
  const [search, setSearch] = useState('')
  const [most, setMost] = useState(AT_FIRST)
  const { classes } = distribution
  if (classes.length === 0) return <div className="m2">This set has values and no classes.</div>
  const asked = search.trim().toLowerCase()
  const found = byFrequency(classes).filter((each) => each.name.toLowerCase().includes(asked))
  const shown = found.slice(0, most)
  const Rows = view === 'table' ? Table : Chart
  return (
    <div className="distribution">
      {classes.length >= SEARCH_FROM && (
        <TextInput
          size="xs"
          className="distribution-search"
          aria-label="Find a class"
          placeholder={`Find one of ${count(classes.length)} classes`}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Rows distribution={distribution} shown={shown} counted={counted} hrefOf={hrefOf} />
      {shown.length < found.length && (
        <button
          type="button"
          className="plain acc s12 distribution-more"
          onClick={() => setMost(most + MORE)}
        >
          {count(Math.min(MORE, found.length - shown.length))} more of {count(found.length)}
        </button>
      )}
      {found.length === 0 && <div className="m3">No class is called so.</div>}
      <div className="row wrap s12 m2 distribution-foot">
        {view === 'chart' && <PartKey />}
        <Warnings distribution={distribution} counted={counted} />
      </div>
    </div>
  )
}

interface RowsProps {
  distribution: Distribution
  counted: Counted
  shown: readonly ClassSpread[]
  hrefOf: (name: string) => string
}

function Chart({ distribution, shown, counted, hrefOf }: RowsProps) {
  const { task, classes } = distribution
  const whole = wholeOf(distribution)
  const longest = Math.max(...classes.map((each) => each.labels), 1)
  const both = countsLabels(task)
  const noun = nounOf(task, counted)
  const grid = `distribution-row ${both ? '' : 'single'}`
  return (
    <div
      role="table"
      aria-label="Labels of each class"
      style={
        { '--class-name': widthFor(shown), '--class-count': `${count(longest).length}ch` } as CSSProperties
      }
    >
      <div role="row" className={`${grid} m3 s11`}>
        <span role="columnheader">Class</span>
        <span role="columnheader">
          <span className="visually-hidden">By part</span>
        </span>
        <span role="columnheader" className="num">
          {capital(noun.many)}
        </span>
        <span role="columnheader" className="num">
          Share
        </span>
        {both && (
          <span role="columnheader" className="num">
            {itemsTitle(counted.modality)}
          </span>
        )}
      </div>
      {shown.map((each) => (
        <div role="row" key={each.id} className={grid}>
          <ClassName each={each} hrefOf={hrefOf} role="rowheader" />
          <span role="cell">
            <PartBar parts={each} rest={unsplit(each)} whole={longest} label={each.name} />
          </span>
          <span role="cell" className="num b">
            {count(each.labels)}
          </span>
          <span role="cell" className="num m3">
            {share(each.labels, whole)}
          </span>
          {both && (
            <span role="cell" className="num m3">
              {count(each.items)}
            </span>
          )}
        </div>
      ))}
    </div>
  )
}

/** A column as wide as its longest name, within bounds: bars begin at the same place in every row. */
function widthFor(shown: readonly ClassSpread[]): string {
  const longest = Math.max(...shown.map((each) => each.name.length), 0)
  return `min(34%, max(104px, ${longest * 0.95}ch + 18px))`
}

function Table({ distribution, shown, counted, hrefOf }: RowsProps) {
  const { task } = distribution
  const whole = wholeOf(distribution)
  const both = countsLabels(task)
  return (
    <div className="distribution-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className="num">
              {capital(nounOf(task, counted).many)}
            </th>
            <th scope="col" className="num">
              Share
            </th>
            {both && (
              <th scope="col" className="num">
                {itemsTitle(counted.modality)}
              </th>
            )}
            {PARTS.map((part) => (
              <th key={part} scope="col" className="num">
                {PART_WORDS[part]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((each) => (
            <tr key={each.id}>
              <th scope="row">
                <ClassName each={each} hrefOf={hrefOf} />
              </th>
              <td className="num b">{count(each.labels)}</td>
              <td className="num m3">{share(each.labels, whole)}</td>
              {both && <td className="num m3">{count(each.items)}</td>}
              {PARTS.map((part) => (
                <td key={part} className="num">
                  {count(each[part])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ClassNameProps {
  each: ClassSpread
  hrefOf: (name: string) => string
  role?: string
}

function ClassName({ each, hrefOf, role }: ClassNameProps) {
  return (
    <span className="row distribution-name" role={role}>
      <span className="sq" style={{ background: each.color }} />
      <Link to={hrefOf(each.name)} className="mid el">
        <Name text={each.name} />
      </Link>
    </span>
  )
}

const NAMED = 2

function Warnings({ distribution: { task, classes }, counted }: Pick<RowsProps, 'distribution' | 'counted'>) {
  const noun = nounOf(task, counted)
  const much = imbalance(classes)
  const missing = missingIn(classes)
  if (much === null && missing.length === 0) return null
  return (
    <span className="right distribution-warnings">
      {much !== null && (
        <Warning>
          <bdi>{much.most}</bdi> has {count(much.times)} times as many {noun.many} as <bdi>{much.least}</bdi>
        </Warning>
      )}
      {missing.map(({ part, names }) => (
        <Warning key={part}>
          {names.length > NAMED ? plural(names.length, 'class', 'classes') : <bdi>{names.join(', ')}</bdi>}{' '}
          {names.length === 1 ? 'has' : 'have'} no {noun.one} in {PART_WORDS[part]}
        </Warning>
      ))}
    </span>
  )
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <span className="warn row distribution-warning">
      <IconAlertTriangle size={14} stroke={1.7} className="note-icon" aria-hidden />
      <span>{children}</span>
    </span>
  )
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
