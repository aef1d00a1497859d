import { lazy, Suspense, useEffect } from 'react'
import { ApiError } from '@/api/errors'
import { Faulty, NothingHere } from '@/parts/Messages'
import { DarkRoot } from './DarkRoot'
import { type Loaded, useLoading } from './hooks/useLoading'
import { NoItem, NoItems } from './NoItem'
import { PlanarViewer } from './PlanarViewer'
import { hasRasters } from './types'
import './viewer.css'

const RasterViewer = lazy(() => import('./raster/RasterViewer'))

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
  const { item, show } = loaded
  const title = `${item.key} · ${show.display_name} · Triptych`
  useEffect(() => {
    document.title = title
    return () => {
      document.title = 'Triptych'
    }
  }, [title])
  if (!hasRasters(item)) return <PlanarViewer loaded={loaded} />
  return (
    <Suspense fallback={<div className="view" aria-busy="true" />}>
      <RasterViewer loaded={loaded} />
    </Suspense>
  )
}
