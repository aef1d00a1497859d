import { useMediaQuery } from '@mantine/hooks'
import { AxisBar } from './axis/AxisBar'
import { Bar } from './bar/Bar'
import { useChrome } from './hooks/useChrome'
import type { Loaded } from './hooks/useLoading'
import { ViewerContext } from './hooks/useViewer'
import { type MakeMap, useViewerHere } from './hooks/useViewerHere'
import { Panel } from './panel/Panel'
import { Phone } from './phone/Phone'
import { Rail } from './rail/Rail'
import { PictureMap } from './stage/PictureMap'
import { Stage } from './stage/Stage'
import { ViewerKeys } from './ViewerKeys'

const makeMap: MakeMap = (element, tiles) => new PictureMap(element, tiles)

/** Pictures, alone or as slices of a series. */
export function PlanarViewer({ loaded }: { loaded: Loaded }) {
  const viewer = useViewerHere(loaded, makeMap)
  const chrome = useChrome()
  const isPhone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false })
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
