import { Loader } from '@mantine/core'
import { Suspense, useEffect } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { api } from '@/api/client'
import { ApiError } from '@/api/errors'
import { Faulty, NothingHere } from '@/parts/Messages'
import './dataset.css'
import { DatasetHeader } from './header/DatasetHeader'
import { HeaderWaiting } from './header/HeaderWaiting'
import { NotReady, showsContents } from './header/NotReady'
import { AnnotationsTab, ItemsTab, SettingsTab, StatisticsTab } from './tabs'
import { DatasetContext, useDataset } from './useDataset'
import { useDatasetHere } from './useDatasetHere'

/** One dataset: what it is and what can be done with it, and its tabs below. */
export default function DatasetPage() {
  const { here, error, retry } = useDatasetHere()
  const id = here?.show.id
  const shown = here?.show.display_name
  useEffect(() => {
    if (id === undefined) return
    // "New" until somebody has looked; that it could not be noted is no reason to say anything.
    void api
      .POST('/api/v1/datasets/{dataset}/opened', { params: { path: { dataset: id } } })
      .catch(() => undefined)
  }, [id])
  useEffect(() => {
    if (shown === undefined) return
    document.title = `${shown} · Triptych`
    return () => {
      document.title = 'Triptych'
    }
  }, [shown])

  if (error instanceof ApiError && error.status === 404) return <NothingHere what="dataset" />
  if (error !== null) return <Faulty error={error} retry={retry} />
  if (here === null) return <HeaderWaiting />
  return (
    <DatasetContext value={here}>
      <div className="col dataset-page">
        <DatasetHeader />
        <Suspense fallback={<Waiting />}>
          {showsContents(here.show) ? <Tabs key={here.show.id} /> : <NotReady />}
        </Suspense>
      </div>
    </DatasetContext>
  )
}

function Tabs() {
  const { search } = useLocation()
  const { name } = useDataset()
  const items = { pathname: `/datasets/${encodeURIComponent(name)}/items`, search }
  return (
    <Routes>
      <Route index element={<Navigate to={items} replace />} />
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
