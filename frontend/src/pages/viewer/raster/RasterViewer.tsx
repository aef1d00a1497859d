import { useMediaQuery } from '@mantine/hooks'
import { Bar } from '../bar/Bar'
import { useChrome } from '../hooks/useChrome'
import type { Loaded } from '../hooks/useLoading'
import { ViewerContext } from '../hooks/useViewer'
import { type MakeMap, useViewerHere } from '../hooks/useViewerHere'
import { DateBar } from './axis/DateBar'
import { RasterContext, useRasterHere } from './hooks/useRaster'
import { RasterPanel } from './panel/RasterPanel'
import { RasterPhone } from './RasterPhone'
import { RasterKeys } from './RasterKeys'
import { RasterTools } from './RasterTools'
import './raster.css'
import { RasterMap } from './stage/RasterMap'
import { RasterStage } from './stage/RasterStage'

const makeMap: MakeMap = (element, tiles) => new RasterMap(element, tiles)

/** A chip in its own pixels: any of its bands, its labels, its dates. */
export default function RasterViewer({ loaded }: { loaded: Loaded }) {
  const viewer = useViewerHere(loaded, makeMap)
  const raster = useRasterHere(viewer)
  const chrome = useChrome()
  const isPhone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false })
  const hasPanel = chrome.panel || chrome.tags
  return (
    <ViewerContext value={viewer}>
      <RasterContext value={raster}>
        <RasterKeys chrome={chrome} />
        {isPhone ? (
          <RasterPhone chrome={chrome} />
        ) : (
          <div className="view">
            <Bar chrome={chrome} tools={<RasterTools />} />
            <div
              className="vmain"
              style={{ gridTemplateColumns: `minmax(0, 1fr)${hasPanel ? ' var(--w-panel)' : ''}` }}
            >
              <RasterStage />
              {hasPanel && <RasterPanel chrome={chrome} />}
            </div>
            {raster.moments.length > 1 && <DateBar />}
          </div>
        )}
      </RasterContext>
    </ViewerContext>
  )
}
