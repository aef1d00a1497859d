/** Numbers, sizes and times as the pages write them. All are pure; `now` is for tests. */

const COUNT = new Intl.NumberFormat('en-GB')

/** 1,234,567 */
export function count(value: number): string {
  return COUNT.format(value)
}

/** "1 picture", "2 pictures"; the plural is given where an "s" does not make it. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Sizes in powers of ten: 7.7 MB. */
export function bytes(value: number): string {
  let power = 0
  let rest = value
  while (rest >= 999.95 && power < UNITS.length - 1) {
    rest /= 1000
    power += 1
  }
  return `${power === 0 ? count(rest) : rest.toFixed(1)} ${UNITS[power] ?? ''}`
}

/** Seconds that are left: "41 s left", "12 min left", "3 h 5 min left". */
export function secondsLeft(seconds: number): string {
  return `${duration(seconds)} left`
}

/** "2.1 s", "41 s", "12 min", "3 h 5 min", "2 d 4 h" */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 99.5) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' })

/** "Today, 14:02", "Yesterday", "18 Nov 2026"; `at` in seconds since 1970. */
export function when(at: number, now = Date.now()): string {
  const then = new Date(at * 1000)
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  if (then >= midnight) return `Today, ${CLOCK.format(then)}`
  midnight.setDate(midnight.getDate() - 1)
  if (then >= midnight) return 'Yesterday'
  return DAY.format(then)
}

/** The moment to the second, for tooltips. */
export function moment(at: number): string {
  return FULL.format(new Date(at * 1000))
}

/** A share as "7.4 %"; nothing of nothing is "–". */
export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
}

/** A name whose end can be seen: a trailing space as ␣. */
export function visibleEnd(name: string): string {
  return name.replace(/ +$/, (spaces) => '␣'.repeat(spaces.length))
}

/** What the names have in common at the front, up to the last divider; empty for fewer than two. */
export function commonPrefix(names: readonly string[]): string {
  const [first, ...others] = names
  if (first === undefined || others.length === 0) return ''
  let length = first.length
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1
  }
  const prefix = first.slice(0, length)
  const cut = Math.max(prefix.lastIndexOf('/'), prefix.lastIndexOf('_'), prefix.lastIndexOf('-'))
  return prefix.slice(0, cut + 1)
}
