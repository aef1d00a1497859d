import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { memo, useEffect, useRef, useState } from 'react'
import { count } from '@/parts/format'
import { useStudies } from '../hooks/useItem'
import { useViewer } from '../hooks/useViewer'
import { IconButton } from '../panel/IconButton'
import type { StudyEntry } from '../types'

/** Studies with their series, each with its middle picture; the one that is open is marked. */
export const Rail = memo(function Rail() {
  const viewer = useViewer()
  const { item } = viewer
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 150)
  const studies = useStudies(viewer, settled)
  const own = useStudies(viewer, item.study)
  const [isLong, setLong] = useState(false)
  if (studies.data?.next && !isLong) setLong(true)
  const listed = studies.data?.items ?? []
  const here = own.data?.items.find(({ study }) => study === item.study)
  const isListed = listed.some(({ study }) => study === item.study)
  const shown = isListed || here === undefined || settled !== '' ? listed : [here, ...listed]
  return (
    <nav className="rail" aria-label="Studies">
      <Head />
      {isLong && (
        <TextInput
          size="xs"
          aria-label="Search studies"
          placeholder="Search studies"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {shown.map((study) => (
        <Study key={study.study} study={study} />
      ))}
      {shown.length === 0 && studies.isSuccess && (
        <p className="m3 s12">No study has “{settled}” in its name.</p>
      )}
    </nav>
  )
})

function Head() {
  const { item, stepStudy } = useViewer()
  const { index, total, previous, next } = item.study_position
  return (
    <div className="row rail-head">
      <h2>
        Study {index === null ? '–' : count(index + 1)} of {count(total)}
      </h2>
      <span className="right row">
        <IconButton
          icon={IconChevronUp}
          label="Previous study"
          keys="Alt ↑"
          isSmall
          disabled={previous === null}
          onClick={() => stepStudy(-1)}
        />
        <IconButton
          icon={IconChevronDown}
          label="Next study"
          keys="Alt ↓"
          isSmall
          disabled={next === null}
          onClick={() => stepStudy(1)}
        />
      </span>
    </div>
  )
}

function Study({ study }: { study: StudyEntry }) {
  const { item } = useViewer()
  const isHere = study.study === item.study
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isHere) place.current?.scrollIntoView({ block: 'nearest' })
  }, [isHere, item.series])
  return (
    <section ref={place} className="rail-study">
      <h3 className={`el ${isHere ? '' : 'm2'}`} title={study.study}>
        <bdi>{study.title || study.study}</bdi>
      </h3>
      {study.series.map((each) => (
        <Series key={each.series ?? ''} series={each} isHere={isHere && each.series === item.series} />
      ))}
    </section>
  )
}

function Series({ series, isHere }: { series: StudyEntry['series'][number]; isHere: boolean }) {
  const { goTo } = useViewer()
  const name = series.title || (series.series ?? 'No series')
  return (
    <button
      type="button"
      className={`plain rail-series ${isHere ? 'on' : ''}`}
      aria-current={isHere}
      title={series.series ?? name}
      onClick={() => goTo(series.first_key)}
    >
      <span className="rail-picture">
        <img src={series.thumbnail} alt="" loading="lazy" />
        <span className="pill">{count(series.items)}</span>
      </span>
      <span className="s11 el">
        <bdi>{name}</bdi>
      </span>
    </button>
  )
}
