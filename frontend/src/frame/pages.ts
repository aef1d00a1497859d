import { matchPath } from 'react-router'
import { queryClient } from '@/api/queries'
import { sessionQuery } from '@/api/session'
import { loadTab } from '@/pages/dataset/tabs'
import { showQuery, versionIn } from '@/pages/dataset/showQuery'
import type { Show } from '@/pages/dataset/types'
import { later } from './later'

export const SignInPage = later(() => import('@/pages/sign-in/SignInPage'))
export const DatasetsPage = later(() => import('@/pages/datasets/DatasetsPage'))
export const AddPage = later(() => import('@/pages/add/AddPage'))
export const DatasetPage = later(async () => {
  const [page] = await Promise.all([import('@/pages/dataset/DatasetPage'), loadTab(location.pathname)])
  return page
})
export const ViewerPage = later(() => import('@/pages/viewer/ViewerPage'))
export const JobsPage = later(() => import('@/pages/jobs/JobsPage'))
export const OrganizationPage = later(() => import('@/pages/organization/OrganizationPage'))
export const AccountPage = later(() => import('@/pages/organization/AccountPage'))
export const TunesPage = later(() => import('@/pages/tunes/TunesPage'))
export const TunePage = later(() => import('@/pages/tunes/TunePage'))
export const NewTunePage = later(() => import('@/pages/tunes/new/NewTunePage'))
export const NotFoundPage = later(() => import('./NotFoundPage'))

async function beginItems(name: string, show: Show, address: URLSearchParams): Promise<void> {
  const items = await import('@/pages/dataset/items/useItems')
  items.beginItems(queryClient, name, show, address)
}

const PAGES = [
  ['/', DatasetsPage],
  ['/sign-in', SignInPage],
  ['/datasets', DatasetsPage],
  ['/datasets/:dataset/view', ViewerPage],
  ['/datasets/:dataset/*', DatasetPage],
  ['/add', AddPage],
  ['/jobs/:job?', JobsPage],
  ['/organization/:section?', OrganizationPage],
  ['/account', AccountPage],
  ['/tunes', TunesPage],
  ['/tunes/new', NewTunePage],
  ['/tunes/:tune', TunePage],
] as const

/** Asks for all that the first page needs, at once instead of one after the other; ends when its code is there. */
export async function beginAt({ pathname, search }: Location): Promise<void> {
  const nothing = () => undefined
  queryClient.query(sessionQuery).catch(nothing)
  const name = matchPath('/datasets/:dataset/*', pathname)?.params.dataset
  if (name !== undefined) {
    const address = new URLSearchParams(search)
    const show = queryClient.query(showQuery(name, versionIn(address)))
    const isItems = matchPath('/datasets/:dataset/items', pathname) !== null
    show.then((found) => (isItems ? beginItems(name, found, address) : undefined)).catch(nothing)
  }
  const found = PAGES.find(([pattern]) => matchPath(pattern, pathname) !== null)
  await (found?.[1] ?? NotFoundPage).load()
}
