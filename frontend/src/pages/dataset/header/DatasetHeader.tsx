import { IconChevronRight } from '@tabler/icons-react'
import { Link, NavLink } from 'react-router'
import { hasEnded } from '@/frame/live'
import { count, secondsLeft } from '@/parts/format'
import { Name } from '@/parts/Name'
import { StateLabel, StudioStatus } from '@/parts/StateLabel'
import { stageNow } from '@/parts/stages'
import { useDataset } from '../useDataset'
import { DatasetActions } from './DatasetActions'
import { factsOf } from './facts'
import { showsContents } from './NotReady'

/** What the dataset is, what happens to it, what can be done with it; and its tabs. */
export function DatasetHeader() {
  const { show, version, isOld } = useDataset()
  return (
    <header className="dhead">
      <nav className="crumb" aria-label="Where this is">
        <Link to="/datasets">Datasets</Link>
        <IconChevronRight size={14} stroke={1.7} aria-hidden />
        <Name text={show.display_name} />
      </nav>
      <div className="row dhead-title">
        <h1 className="el">
          <Name text={show.display_name} />
        </h1>
        {version > 0 && <span className="chip line">Version {count(version)}</span>}
        <State />
        {show.geospatial !== null && <StudioStatus state={show.state} />}
        <span className="grow" />
        <DatasetActions />
      </div>
      <div className="m3 row dhead-facts">
        {factsOf(show).map((fact, index) => (
          <span key={index} className="row dhead-fact">
            {index > 0 && <span aria-hidden>·</span>}
            <bdi className="el">{fact}</bdi>
          </span>
        ))}
        {isOld && (
          <Link className="dhead-newest" to="?">
            This version stays as it is: to the newest
          </Link>
        )}
      </div>
      {showsContents(show) && <Tabs />}
    </header>
  )
}

/** The state; while a job runs what it does, n of N and the time that is left, in the same line. */
function State() {
  const { show, job } = useDataset()
  const runs = job !== null && !hasEnded(job)
  if (!runs || show.state === 'trashed') return <StateLabel state={show.state} />
  const { done, total, stage } = job
  const left = job.seconds_left
  return (
    <span className="row dhead-state">
      <StateLabel
        state={job.state}
        stage={job.state === 'running' && stage !== '' ? stageNow(stage) : undefined}
      />
      {job.state === 'running' && (
        <span className="m3 s12 nowrap num-tab">
          {total === null ? '' : `${count(done)} of ${count(total)}`}
          {left === null ? '' : ` · ${secondsLeft(left)}`}
        </span>
      )}
    </span>
  )
}

function Tabs() {
  const { show } = useDataset()
  return (
    <nav className="tabs" aria-label="Dataset">
      <Tab to="items" number={show.counts.items}>
        Items
      </Tab>
      <Tab to="annotations" number={show.annotation_sets.length}>
        Annotations
      </Tab>
      <Tab to="statistics">Statistics</Tab>
      <Tab to="settings">Settings</Tab>
    </nav>
  )
}

function Tab({ to, number, children }: { to: string; number?: number; children: string }) {
  const { name, isOld, version } = useDataset()
  const search = isOld ? `?version=${version}` : ''
  const pathname = `/datasets/${encodeURIComponent(name)}/${to}`
  return (
    <NavLink to={{ pathname, search }} className={({ isActive }) => (isActive ? 'on' : '')}>
      {children} {number !== undefined && <span className="n">{count(number)}</span>}
    </NavLink>
  )
}
