import { later } from '@/frame/later'

export const ItemsTab = later(() => import('./items/ItemsTab'))
export const AnnotationsTab = later(() => import('./annotations/AnnotationsTab'))
export const StatisticsTab = later(() => import('./statistics/StatisticsTab'))
export const SettingsTab = later(() => import('./settings/SettingsTab'))

const TABS = new Map([
  ['annotations', AnnotationsTab],
  ['statistics', StatisticsTab],
  ['settings', SettingsTab],
])

/** Loads the tab of an address like /datasets/cells/statistics. */
export async function loadTab(pathname: string): Promise<void> {
  await (TABS.get(pathname.split('/')[3] ?? '') ?? ItemsTab).load()
}
