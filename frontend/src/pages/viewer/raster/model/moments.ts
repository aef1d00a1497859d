/** The dates that a place is shown at: those of a file that stacks several, else those of other chips of its ground. */

import type { ItemDocument } from '../../types'

export interface Moment {
  /** The item that shows it. */
  key: string
  /** Which of the item's own dates, from 0; null where each date is an item. */
  date: number | null
  /** ISO 8601; null where nothing says when. */
  time: string | null
}

type Told = Pick<ItemDocument, 'key' | 'layers' | 'same_ground'> & { place: { time: number | null } | null }

export function momentsOf(item: Told): Moment[] {
  const dates = item.layers.find((layer) => layer.dates.length > 1)?.dates ?? []
  if (dates.length > 1) return inYears(dates.map((time, date) => ({ key: item.key, date, time })))
  const others: Moment[] = item.same_ground.map(({ key, time }) => ({ key, date: null, time: isoOf(time) }))
  if (others.length === 0) return []
  const own: Moment = { key: item.key, date: null, time: isoOf(item.place?.time ?? null) }
  const all = others.some(({ key }) => key === item.key) ? others : [...others, own]
  return all.sort(
    (a, b) => (a.time ?? '9').localeCompare(b.time ?? '9') || (a.key < b.key ? -1 : Number(a.key > b.key)),
  )
}

/** Files that tell the year alone are dated to its first day; nobody took ten pictures on New Year's Days. */
function inYears(moments: Moment[]): Moment[] {
  const years = new Set(moments.map(({ time }) => time?.slice(0, 4)))
  const isYears = moments.every(({ time }) => /^\d{4}-01-01(T00:00:00(\.0+)?(Z|\+00:00)?)?$/.test(time ?? ''))
  if (!isYears || years.size < moments.length) return moments
  return moments.map((moment) => ({ ...moment, time: moment.time?.slice(0, 4) ?? null }))
}

/** Seconds since 1970 as ISO 8601; null where they are none. */
export function isoOf(seconds: number | null): string | null {
  const date = seconds === null ? null : new Date(seconds * 1000)
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Which moment an item and a date are; the last one where no date is asked for. */
export function momentAt(moments: readonly Moment[], key: string, date: number | null): number {
  const own = moments.filter((moment) => moment.key === key)
  const found = own.find((moment) => moment.date === date) ?? own.at(-1)
  return found === undefined ? -1 : moments.indexOf(found)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "30 Jul 2016", "Jul 2016", "2016"; with `isShort` without the year, where the day is known. */
export function dayText(time: string | null, isShort = false): string {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(time ?? '')
  if (parts === null) return time ?? 'no date'
  const [, year = '', month, day] = parts
  const name = MONTHS[Number(month) - 1]
  if (name === undefined) return year
  if (day === undefined) return `${name} ${year}`
  return `${Number(day)} ${name}${isShort ? '' : ` ${year}`}`
}

/** Whether days alone tell the moments apart, so that the year need not stand at each. */
export function areOfOneYear(moments: readonly Moment[]): boolean {
  const years = new Set(moments.map(({ time }) => time?.slice(0, 4) ?? ''))
  return years.size === 1 && new Set(moments.map(({ time }) => time?.slice(0, 10))).size === moments.length
}
