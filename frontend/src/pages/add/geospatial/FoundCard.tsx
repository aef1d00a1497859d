import { Fragment } from 'react'
import { count, plural } from '@/parts/format'
import type { SourceFacts } from '@/parts/recipe/facts'
import type { Report } from '@/uploads/report'
import type { Geo } from './useGeo'

interface FoundCardProps {
  report: Report | undefined
  geo: Geo
}

const SHOWN = 3

/** What the names and headers of the chips told. */
export function FoundCard({ report, geo: { facts } }: FoundCardProps) {
  if (facts === null) return null
  const { orphans, labels } = facts
  const chips = labels === null ? (facts.chips ?? report?.counts.items) : facts.pairs
  const lost = orphans.data + orphans.labels
  return (
    <section className="card" aria-label="What was found">
      <header>
        <h2>What was found</h2>
        <span className="m3 right s12">
          {facts.sampled === null
            ? 'read from headers'
            : `read from ${count(facts.sampled.headers)} of ${count(facts.sampled.of)} headers`}
        </span>
      </header>
      <div className="pad">
        <dl className="kv geo-found">
          {chips !== undefined && (
            <>
              <dt>Chips</dt>
              <dd>
                {labels === null ? plural(chips, 'chip') : plural(chips, 'pair')},{' '}
                <span className={lost > 0 ? 'warn' : ''}>{plural(lost, 'orphan')}</span>
              </dd>
            </>
          )}
          {labels !== null && (
            <>
              <dt>Labels</dt>
              <dd className="el">
                <bdi className="mono">{labels.suffix}</bdi>
                {labels.values.length > 0 && `, ${plural(labels.values.length, 'value')}`}
              </dd>
            </>
          )}
          {facts.sources.map((source) => (
            <Source key={source.suffix} source={source} isOne={facts.sources.length === 1} />
          ))}
        </dl>
      </div>
    </section>
  )
}

function Source({ source, isOne }: { source: SourceFacts; isOne: boolean }) {
  const { times } = source
  const metres = source.metres === null ? '' : `, ${Number(source.metres.toPrecision(3))} m`
  const lines: [title: string, value: string, missing: string][] = [
    ['Size', joined(source.sizes) && `${joined(source.sizes)}${metres}`, ''],
    ['Reference system', joined(source.crs), 'none'],
    ['Type', joined(source.dtypes), ''],
    ['Bands', source.bands === null ? '' : count(source.bands), 'not the same in all files'],
    ['No-data value', joined(source.nodata), 'not declared'],
    [
      'Dates',
      times === null ? '' : times[0] === times[1] ? times[0] : `${times[0]} to ${times[1]}`,
      'not in names or tags',
    ],
  ]
  return (
    <>
      {!isOne && (
        <>
          <dt className="geo-found-source">
            <bdi className="mono">{source.suffix}</bdi>
          </dt>
          <dd className="geo-found-source">{source.files === null ? '' : plural(source.files, 'file')}</dd>
        </>
      )}
      {lines.map(([title, value, missing]) =>
        value === '' && missing === '' ? null : (
          <Fragment key={title}>
            <dt>{title}</dt>
            <dd className={value === '' ? 'warn' : ''}>{value || missing}</dd>
          </Fragment>
        ),
      )}
    </>
  )
}

function joined(values: readonly string[]): string {
  const more = values.length - SHOWN
  return more > 0 ? `${values.slice(0, SHOWN).join(', ')} and ${more} more` : values.join(', ')
}
