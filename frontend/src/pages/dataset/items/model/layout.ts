/** Where every cell of the grid lies, known before anything is loaded. All lengths in pixels. */

export interface Group {
  /** Of the header above it; null for a grid without groups. */
  title: string | null
  /** A second name: the series of the study. */
  part?: string | null
  count: number
}

export interface Section extends Group {
  first: number
  firstRow: number
  rows: number
  top: number
  height: number
}

export interface Measures {
  /** Of the cells, gutters left out. */
  width: number
  /** How wide a cell should be at least. */
  cell: number
  gap: number
  rowGap: number
  /** Width by height of a picture; null for rows of a table. */
  aspect: number | null
  /** Below the picture; of a table, the height of a row. */
  caption: number
  head: number
  most?: number
}

export interface Layout {
  total: number
  columns: number
  cellWidth: number
  pictureHeight: number
  rowHeight: number
  rowGap: number
  head: number
  height: number
  rows: number
  sections: readonly Section[]
}

export interface Row {
  section: Section
  /** In the whole grid, headers counted. */
  number: number
  top: number
  first: number
  count: number
}

export function layoutOf(groups: readonly Group[], measures: Measures): Layout {
  const { width, cell, gap, rowGap, aspect, caption } = measures
  const columns =
    aspect === null
      ? 1
      : Math.max(1, Math.min(measures.most ?? 100, Math.floor((width + gap) / (cell + gap))))
  const cellWidth = Math.max(1, (width - gap * (columns - 1)) / columns)
  const pictureHeight = aspect === null ? 0 : Math.round(cellWidth / aspect)
  const rowHeight = pictureHeight + caption
  const sections: Section[] = []
  let [top, first, row] = [0, 0, 0]
  for (const group of groups) {
    const head = group.title === null ? 0 : measures.head
    const rows = Math.ceil(group.count / columns)
    const height = head + rows * (rowHeight + rowGap)
    sections.push({ ...group, first, firstRow: row, rows, top, height })
    top += height
    first += group.count
    row += rows + (head > 0 ? 1 : 0)
  }
  const { head } = measures
  return {
    total: first,
    columns,
    cellWidth,
    pictureHeight,
    rowHeight,
    rowGap,
    head,
    height: top,
    rows: row,
    sections,
  }
}

function headOf(layout: Layout, section: Section): number {
  return section.title === null ? 0 : layout.head
}

/** The last section for which `before` holds; sections are in order. */
function lastSection(layout: Layout, before: (section: Section) => boolean): Section | undefined {
  const { sections } = layout
  let [low, high] = [0, sections.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const section = sections[middle]
    if (section !== undefined && before(section)) low = middle
    else high = middle - 1
  }
  return sections[low]
}

export function rowOf(layout: Layout, index: number): Row | null {
  const section = lastSection(layout, (each) => each.first <= index)
  if (section === undefined || index < 0 || index >= layout.total) return null
  return rowIn(layout, section, Math.floor((index - section.first) / layout.columns))
}

function rowIn(layout: Layout, section: Section, row: number): Row {
  const head = headOf(layout, section)
  const offset = row * layout.columns
  return {
    section,
    number: section.firstRow + (head > 0 ? 1 : 0) + row,
    top: section.top + head + row * (layout.rowHeight + layout.rowGap),
    first: section.first + offset,
    count: Math.min(layout.columns, section.count - offset),
  }
}

/** The rows of cells that touch a stretch of the grid, with their sections; sections without such rows, too. */
export function rowsBetween(layout: Layout, from: number, to: number): { section: Section; rows: Row[] }[] {
  const found: { section: Section; rows: Row[] }[] = []
  const start = lastSection(layout, (each) => each.top <= from)
  if (start === undefined) return found
  const pitch = layout.rowHeight + layout.rowGap
  for (let at = layout.sections.indexOf(start); at < layout.sections.length; at += 1) {
    const section = layout.sections[at]
    if (section === undefined || section.top >= to) break
    const base = section.top + headOf(layout, section)
    const first = Math.max(0, Math.floor((from - base) / pitch))
    const last = Math.min(section.rows - 1, Math.ceil((to - base) / pitch) - 1)
    const rows: Row[] = []
    for (let row = first; row <= last; row += 1) rows.push(rowIn(layout, section, row))
    found.push({ section, rows })
  }
  return found
}

/** The first item of the row that lies at a height. */
export function indexAt(layout: Layout, y: number): number {
  const section = lastSection(layout, (each) => each.top <= y)
  if (section === undefined) return 0
  const pitch = layout.rowHeight + layout.rowGap
  const row = Math.floor((y - section.top - headOf(layout, section)) / pitch)
  return section.first + Math.max(0, Math.min(section.rows - 1, row)) * layout.columns
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'pageup' | 'pagedown' | 'home' | 'end'

/** Where a key leads from an item: down keeps the column where the row below is long enough. */
export function moved(layout: Layout, from: number, move: Move, page: number): number {
  const last = layout.total - 1
  const here = rowOf(layout, from)
  if (here === null) return Math.max(0, Math.min(last, from))
  if (move === 'left') return Math.max(0, from - 1)
  if (move === 'right') return Math.min(last, from + 1)
  if (move === 'home') return 0
  if (move === 'end') return last
  const down = move === 'down' || move === 'pagedown'
  const rows = move === 'up' || move === 'down' ? 1 : page
  let at = here
  for (let step = 0; step < rows; step += 1) {
    const next = rowOf(layout, down ? at.first + at.count : at.first - 1)
    if (next === null) break
    at = next
  }
  if (at === here) return down && move === 'pagedown' ? last : from
  return at.first + Math.min(from - here.first, at.count - 1)
}
