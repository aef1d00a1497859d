import { NavLink } from 'react-router'
import { Name } from '@/parts/Name'
import { StateLabel } from '@/parts/StateLabel'
import { count } from '@/parts/format'
import { useDataset } from '../useDataset'

export function DatasetHeader() {
  const { show } = useDataset()
  return (
    <header className="dhead">
      <div className="row">
        <h1 className="el">
          <Name text={show.display_name} />
        </h1>
        <StateLabel state={show.state} />
      </div>
      <nav className="tabs" aria-label="Dataset">
        <Tab to="items" count={show.counts.items}>
          Items
        </Tab>
        <Tab to="annotations" count={show.annotation_sets.length}>
          Annotations
        </Tab>
        <Tab to="statistics">Statistics</Tab>
        <Tab to="settings">Settings</Tab>
      </nav>
    </header>
  )
}

function Tab({ to, count: number, children }: { to: string; count?: number; children: string }) {
  const { isOld, version } = useDataset()
  const search = isOld ? `?version=${version}` : ''
  return (
    <NavLink to={{ pathname: to, search }} className={({ isActive }) => (isActive ? 'on' : '')}>
      {children} {number !== undefined && <span className="n">{count(number)}</span>}
    </NavLink>
  )
}
