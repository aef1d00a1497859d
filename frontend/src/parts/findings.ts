import type { Finding } from '@/api/errors'
import { plainHint } from '@/api/hints'
import { count, plural } from './format'

export type Weight = 'rejected' | 'mend' | 'look' | 'note'

export interface FindingGroup {
  weight: Weight
  title: string
  /** A few words beside the title: how much, or what happens with it. */
  aside: string
  findings: Finding[]
}

/** One place of a finding: the file or row, and what is so there. */
export interface Place {
  where: string
  why: string
}

/** What a person reads of a finding. */
export interface FindingText {
  title: string
  why: string
  todo: string
  /** "3 rows"; empty where a number says nothing. */
  amount: string
  places: Place[]
}

const WEIGHTS: readonly Weight[] = ['rejected', 'mend', 'look', 'note']
const TITLES: Record<Weight, string> = {
  rejected: 'Rejected',
  mend: 'To mend',
  look: 'Worth a look',
  note: 'For your information',
}

/** Findings by weight, gravest group first; "rejected" means files alone, as everywhere. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  return WEIGHTS.map((weight) => {
    const own = findings.filter((finding) => weightOf(finding) === weight)
    return { weight, title: TITLES[weight], aside: asideOf(weight, own), findings: own }
  }).filter((group) => group.findings.length > 0)
}

export function weightOf(finding: Finding): Weight {
  if (finding.code === 'file_rejected') return 'rejected'
  if (finding.severity === 'error') return 'mend'
  return finding.severity === 'warning' ? 'look' : 'note'
}

function asideOf(weight: Weight, findings: readonly Finding[]): string {
  if (weight === 'rejected') {
    const files = findings.reduce((sum, finding) => sum + finding.count, 0)
    return `${plural(files, 'file is', 'files are')} left out`
  }
  if (weight === 'mend') return 'Something is lost or leaks'
  return weight === 'look' ? 'Imported, unless you change it' : plural(findings.length, 'note', 'notes')
}

type Forms = readonly [one: string, many: string]

/** What is said of rejected files, by the reason in the finding's subject. */
const REJECTIONS: Record<string, readonly [one: string, many: string, todo: string]> = {
  empty_file: ['1 file is empty', '{n} files are empty', 'Copy again from the origin'],
  not_a_picture: ['1 file is no picture', '{n} files are no pictures', 'Replace by the picture itself'],
  unsupported_format: [
    '1 picture is of a format that is not read',
    '{n} pictures are of formats that are not read',
    'Save as PNG, which keeps every bit',
  ],
  truncated: ['1 picture is cut off', '{n} pictures are cut off', 'Export or copy again and add later'],
  damaged: ['1 picture is damaged', '{n} pictures are damaged', 'Copy again from the origin'],
  too_many_pixels: [
    '1 picture has too many pixels',
    '{n} pictures have too many pixels',
    'Cut into parts, or have the limit raised',
  ],
  size_outside_limits: [
    '1 picture is too small or too large',
    '{n} pictures are too small or too large',
    'Import all the same, or scale',
  ],
  bad_checksum: ['1 file differs from its checksum', '{n} files differ from their checksums', 'Pack again'],
  over_limit: ['1 file is too large', '{n} files are too large', 'Cut into parts'],
}

/** What a finding counts, where that is neither a row nor a file. */
const UNITS: Record<string, Forms> = {
  class_names_alike: ['pair of names', 'pairs of names'],
  class_too_small: ['class', 'classes'],
  class_name_long: ['class', 'classes'],
  class_added: ['class', 'classes'],
  conflicting_labels: ['picture', 'pictures'],
  image_without_label: ['picture', 'pictures'],
  labels_of_rejected: ['label', 'labels'],
  label_without_image: ['row', 'rows'],
  clutter: ['file', 'files'],
  not_a_picture: ['file', 'files'],
  picture_by_content: ['file', 'files'],
  picture_outside: ['picture', 'pictures'],
  size_outside_limits: ['picture', 'pictures'],
  split_leaks: ['group', 'groups'],
  names_guessed: ['name', 'names'],
  names_look_alike: ['name', 'names'],
  duplicate_names: ['name', 'names'],
  names_differ_in_case: ['name', 'names'],
}

/** The words of a finding; what the server says is shown as it is. */
export function describeFinding(finding: Finding): FindingText {
  const places = finding.examples.map(placeOf)
  const rejection = finding.code === 'file_rejected' ? REJECTIONS[finding.subject] : undefined
  if (rejection !== undefined) {
    const [one, many, todo] = rejection
    const title = finding.count === 1 ? one : many.replace('{n}', count(finding.count))
    const amount = plural(finding.count, 'file', 'files')
    return { title, why: commonReason(places), todo: `${todo}, or go on without.`, amount, places }
  }
  return {
    title: finding.message,
    why: '',
    todo: HINTS[finding.code] ?? plainHint(finding.hint),
    amount: amountOf(finding),
    places,
  }
}

/** What to do, where the server's words are those of its command line. */
const HINTS: Record<string, string> = {
  csv_encoding_guessed: 'Look at names with accents; choose the encoding if they are wrong.',
  names_guessed: 'Look at names with accents; choose the encoding if they are wrong.',
  labels_ignored: 'They can be read, too.',
  size_outside_limits: 'Scale them, or have them rejected when they are added.',
  near_duplicates: 'Leave out of the source what is not wanted.',
}

/** The one reason that all places share; empty when they differ. */
function commonReason(places: readonly Place[]): string {
  const first = places[0]?.why ?? ''
  return places.every((place) => place.why === first) ? first : ''
}

function amountOf(finding: Finding): string {
  if (finding.code === 'format_chosen' || finding.code === 'format_refused') return ''
  const forms = finding.code === 'file_rejected' ? (['file', 'files'] as const) : UNITS[finding.code]
  if (forms !== undefined) return plural(finding.count, ...forms)
  if (finding.examples[0]?.startsWith('row ')) return plural(finding.count, 'row', 'rows')
  return finding.count > 1 ? `${count(finding.count)} times` : ''
}

/** "image/a.png: The file has no bytes." as a place and what is so there. */
export function placeOf(example: string): Place {
  // The colon behind an ending or a row parts them; names may hold colons themselves.
  const match = /^(row \d+|.*?\.[\p{L}\p{N}]{1,5}): (.+)$/su.exec(example)
  return match === null ? { where: example, why: '' } : { where: match[1] ?? example, why: match[2] ?? '' }
}
