import { Suspense } from 'react'
import { Navigate, Outlet, Route, Routes, useLocation } from 'react-router'
import { useSession } from '@/api/session'
import { Faulty } from '@/parts/Messages'
import { FaultBoundary } from './FaultBoundary'
import { Frame } from './Frame'
import {
  AccountPage,
  AddPage,
  DatasetPage,
  DatasetsPage,
  JobsPage,
  NewTunePage,
  NotFoundPage,
  OrganizationPage,
  SignInPage,
  TunePage,
  TunesPage,
  ViewerPage,
} from './pages'

/** Every address of the product. The viewer has a frame of its own; signing in has none. */
export function App() {
  return (
    <FaultBoundary>
      <Suspense fallback={null}>
        <Routes>
          <Route path="/sign-in" element={<SignInPage />} />
          <Route element={<SignedIn />}>
            <Route path="/datasets/:dataset/view" element={<ViewerPage />} />
            <Route element={<Frame />}>
              <Route path="/" element={<Navigate to="/datasets" replace />} />
              <Route path="/datasets" element={<DatasetsPage />} />
              <Route path="/datasets/:dataset/*" element={<DatasetPage />} />
              <Route path="/add" element={<AddPage />} />
              <Route path="/jobs" element={<JobsPage />} />
              <Route path="/jobs/:job" element={<JobsPage />} />
              <Route path="/organization/:section?" element={<OrganizationPage />} />
              <Route path="/account" element={<AccountPage />} />
              <Route path="/tunes" element={<TunesPage />} />
              <Route path="/tunes/new" element={<NewTunePage />} />
              <Route path="/tunes/:tune" element={<TunePage />} />
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Route>
        </Routes>
      </Suspense>
    </FaultBoundary>
  )
}

function SignedIn() {
  const session = useSession()
  const location = useLocation()
  if (session.isPending) return null
  if (session.isError) return <Faulty error={session.error} retry={() => void session.refetch()} />
  if (session.data === null) {
    const after = location.pathname + location.search
    return (
      <Navigate to={after === '/' ? '/sign-in' : `/sign-in?after=${encodeURIComponent(after)}`} replace />
    )
  }
  return <Outlet />
}
