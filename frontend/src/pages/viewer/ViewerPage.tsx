import { useMediaQuery } from '@mantine/hooks'
import { useEffect } from 'react'
import { ApiError } from '@/api/errors'
import { Faulty, NothingHere } from '@/parts/Messages'
import { AxisBar } from './axis/AxisBar'
import { Bar } from './bar/Bar'
import { DarkRoot } from './DarkRoot'
import { type Loaded, useLoading } from './hooks/useLoading'
import { ViewerContext } from './hooks/useViewer'
import { useViewerHere } from './hooks/useViewerHere'
import { NoItem, NoItems } from './NoItem'
import { Phone } from './phone/Phone'
import { Panel } from './panel/Panel'
import { Rail } from './rail/Rail'
import { Stage } from './stage/Stage'
import { useChrome } from './hooks/useChrome'
import { ViewerKeys } from './ViewerKeys'
import './viewer.css'

/** One picture on the whole screen, in its own depth, with everything that is known about it. */
export default function ViewerPage() {
  return (
    <DarkRoot>
      <Contents />
    </DarkRoot>
  )
}

function Contents() {
  const loading = useLoading()
  if (loading.state === 'loaded') return <Opened loaded={loading.loaded} />
  if (loading.state === 'waiting') return <div className="view" aria-busy="true" />
  if (loading.state === 'empty') return <NoItems name={loading.name} />
  const isAbsent = loading.error instanceof ApiError && loading.error.status === 404
  if (isAbsent && loading.what === 'dataset') return <NothingHere what="dataset" />
  if (isAbsent) return <NoItem address={loading.address} name={loading.name} error={loading.error} />
  return <Faulty error={loading.error} retry={loading.retry} />
}

function Opened({ loaded }: { loaded: Loaded }) {
  const viewer = useViewerHere(loaded)
  const chrome = useChrome()
  const isPhone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false })
  const title = `${viewer.item.key} · ${viewer.show.display_name} · Triptych`
  useEffect(() => {
    document.title = title
    return () => {
      document.title = 'Triptych'
    }
  }, [title])
  const isSeries = viewer.item.series_items > 1
  const hasAxis = isSeries || viewer.stack !== null
  const hasRail = isSeries || viewer.item.series !== null
  const hasPanel = chrome.panel || chrome.tags
  const columns = `${hasRail && chrome.rail ? '148px ' : ''}minmax(0, 1fr)${hasPanel ? ' var(--w-panel)' : ''}`
  return (
    <ViewerContext value={viewer}>
      <ViewerKeys chrome={chrome} />
      {isPhone ? (
        <Phone chrome={chrome} />
      ) : (
        <div className="view">
          <Bar chrome={chrome} />
          <div className="vmain" style={{ gridTemplateColumns: columns }}>
            {hasRail && chrome.rail && <Rail />}
            <Stage />
            {hasPanel && <Panel chrome={chrome} />}
          </div>
          {hasAxis && <AxisBar />}
        </div>
      )}
    </ViewerContext>
  )
}
