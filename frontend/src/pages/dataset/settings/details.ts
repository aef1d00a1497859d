/** The metadata of a dataset as rows to edit, and back. What nobody touched keeps its kind: numbers stay numbers. */

export interface Row {
  /** Of this page alone, so that a row keeps its field while others come and go. */
  id: number
  key: string
  text: string
  /** The value that was there, where there was one. */
  original?: { value: unknown }
}

export type Details = Readonly<Record<string, unknown>>

/** Has a field of its own. */
export const SPACING = 'pixel_spacing_mm'

export function rowsOf(details: Details): Row[] {
  return Object.entries(details)
    .filter(([key]) => key !== SPACING)
    .map(([key, value], id) => ({ id, key, text: textOf(value), original: { value } }))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Millimetres per row and per column, as they are typed. */
export interface Spacing {
  row: string
  column: string
}

export const NO_SPACING: Spacing = { row: '', column: '' }

export function spacingOf(details: Details): Spacing {
  const given = details[SPACING]
  const [row, column] = Array.isArray(given) ? (given as unknown[]) : [given, given]
  if (typeof row !== 'number' || typeof column !== 'number') return NO_SPACING
  return { row: String(row), column: String(column) }
}

/** What is wrong with a pixel size; null when nothing is. */
export function spacingProblem({ row, column }: Spacing): string | null {
  if (row === '' && column === '') return null
  if (row === '' || column === '') return 'Give both, or neither.'
  const [high, wide] = [Number(row), Number(column)]
  return high > 0 && wide > 0 && high < 1e9 && wide < 1e9 ? null : 'Both must be larger than 0.'
}

/** What is wrong with a row; null when nothing is. */
export function rowProblem(row: Row, rows: readonly Row[]): string | null {
  const key = row.key.trim()
  if (key === '') return row.text.trim() === '' ? null : 'It needs a name.'
  if (key === SPACING) return 'That is the pixel size above.'
  const others = rows.filter((each) => each.id !== row.id && each.key.trim() === key)
  return others.length > 0 ? 'The name is there twice.' : null
}

/** The document that the rows and the pixel size make; rows without a name are none. */
export function detailsOf(rows: readonly Row[], spacing: Spacing): Record<string, unknown> {
  const details: [string, unknown][] = rows
    .filter((row) => row.key.trim() !== '')
    .map((row) => [row.key.trim(), valueOf(row)])
  const [row, column] = [Number(spacing.row), Number(spacing.column)]
  if (spacing.row !== '') details.push([SPACING, row === column ? row : [row, column]])
  return Object.fromEntries(details)
}

function valueOf({ text, original }: Row): unknown {
  if (original === undefined) return text
  if (text === textOf(original.value)) return original.value
  // A number that is edited stays one where it can.
  const number = Number(text)
  return typeof original.value === 'number' && text.trim() !== '' && Number.isFinite(number) ? number : text
}
