import { Loader } from '@mantine/core'
import { lazy, Suspense, useEffect } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { request } from '@/api/client'
import { ApiError } from '@/api/errors'
import { Faulty, NothingHere } from '@/parts/Messages'
import './dataset.css'
import { DatasetHeader } from './header/DatasetHeader'
import { NotReady, showsContents } from './header/NotReady'
import { DatasetContext } from './useDataset'
import { useDatasetHere } from './useDatasetHere'

const ItemsTab = lazy(() => import('./items/ItemsTab'))
const AnnotationsTab = lazy(() => import('./annotations/AnnotationsTab'))
const StatisticsTab = lazy(() => import('./statistics/StatisticsTab'))
const SettingsTab = lazy(() => import('./settings/SettingsTab'))

/** One dataset: what it is and what can be done with it, and its tabs below. */
export default function DatasetPage() {
  const { here, error, retry } = useDatasetHere()
  const id = here?.show.id
  const shown = here?.show.display_name
  useEffect(() => {
    if (id === undefined) return
    // "New" until somebody has looked; that it could not be noted is no reason to say anything.
    request(`/api/v1/datasets/${id}/opened`, { method: 'POST' }).catch(() => undefined)
  }, [id])
  useEffect(() => {
    if (shown === undefined) return
    document.title = `${shown} · Triptych`
    return () => {
      document.title = 'Triptych'
    }
  }, [shown])

  if (error instanceof ApiError && error.status === 404) return <NothingHere what="dataset" />
  if (error !== null && here === null) return <Faulty error={error} retry={retry} />
  if (here === null) return <div className="col dataset-page" aria-busy="true" />
  return (
    <DatasetContext value={here}>
      <div className="col dataset-page">
        <DatasetHeader />
        <Suspense fallback={<Waiting />}>{showsContents(here.show) ? <Tabs /> : <NotReady />}</Suspense>
      </div>
    </DatasetContext>
  )
}

function Tabs() {
  const { search } = useLocation()
  return (
    <Routes>
      <Route index element={<Navigate to={{ pathname: 'items', search }} replace />} />
      <Route path="items" element={<ItemsTab />} />
      <Route path="annotations" element={<AnnotationsTab />} />
      <Route path="statistics" element={<StatisticsTab />} />
      <Route path="settings" element={<SettingsTab />} />
      <Route path="*" element={<NothingHere />} />
    </Routes>
  )
}

function Waiting() {
  return (
    <div className="dataset-waiting" aria-busy="true">
      <Loader size="sm" aria-label="Loading" />
    </div>
  )
}
