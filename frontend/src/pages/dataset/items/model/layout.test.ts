import { indexAt, layoutOf, type Measures, moved, rowOf, rowsBetween } from './layout'

const MEASURES: Measures = {
  width: 1166,
  cell: 180,
  gap: 8,
  rowGap: 10,
  aspect: 4 / 3,
  caption: 18,
  head: 36,
}
const flat = (total: number, change: Partial<Measures> = {}) =>
  layoutOf([{ title: null, count: total }], { ...MEASURES, ...change })

test('columns fill the width, and a cell is never narrower than asked', () => {
  expect(flat(364)).toMatchObject({ columns: 6, cellWidth: 1126 / 6, pictureHeight: 141, rowHeight: 159 })
  expect(flat(364, { width: 90 }).columns).toBe(1)
  expect(flat(364, { width: 367 }).columns).toBe(1)
  expect(flat(364, { width: 368 }).columns).toBe(2)
})

test('the height is that of all rows, the last one short', () => {
  const layout = flat(364)
  expect(layout.rows).toBe(61)
  expect(layout.height).toBe(61 * 169)
  expect(rowOf(layout, 363)).toMatchObject({ first: 360, count: 4, top: 60 * 169 })
  expect(rowOf(layout, 364)).toBeNull()
})

test('a million items have places without a list of them', () => {
  const layout = flat(1_000_000)
  expect(rowOf(layout, 999_999)).toMatchObject({ first: 999_996, count: 4 })
  expect(indexAt(layout, layout.height / 2)).toBe(499_998)
})

test('only rows that touch the stretch are given', () => {
  const [found] = rowsBetween(flat(364), 169, 338)
  expect(found?.rows.map((row) => row.first)).toEqual([6])
  expect(rowsBetween(flat(364), 168, 339)[0]?.rows.map((row) => row.first)).toEqual([0, 6, 12])
  expect(rowsBetween(flat(0), 0, 500)[0]?.rows).toEqual([])
})

const grouped = layoutOf(
  [
    { title: 'A', count: 7 },
    { title: 'B', count: 1 },
    { title: 'C', count: 12 },
  ],
  MEASURES,
)

test('every group begins a row below its header', () => {
  expect(grouped.sections.map(({ top, first, firstRow }) => [top, first, firstRow])).toEqual([
    [0, 0, 0],
    [36 + 2 * 169, 7, 3],
    [2 * 36 + 3 * 169, 8, 5],
  ])
  expect(rowOf(grouped, 7)).toMatchObject({ top: 2 * 36 + 2 * 169, first: 7, count: 1, number: 4 })
  expect(rowsBetween(grouped, 0, 10_000).map(({ rows }) => rows.length)).toEqual([2, 1, 2])
})

test('a height lies in the row above it when it falls on a header', () => {
  expect(indexAt(grouped, 0)).toBe(0)
  expect(indexAt(grouped, 36 + 169 + 1)).toBe(6)
  expect(indexAt(grouped, 36 + 2 * 169 + 5)).toBe(7)
  expect(indexAt(grouped, 1e9)).toBe(14)
})

test('down keeps the column as far as the row below reaches', () => {
  expect(moved(grouped, 3, 'down', 3)).toBe(6)
  expect(moved(grouped, 6, 'down', 3)).toBe(7)
  expect(moved(grouped, 7, 'down', 3)).toBe(8)
  expect(moved(grouped, 13, 'down', 3)).toBe(19)
  expect(moved(grouped, 19, 'down', 3)).toBe(19)
  expect(moved(grouped, 8, 'up', 3)).toBe(7)
})

test('ends and pages stop at the ends', () => {
  expect(moved(grouped, 3, 'end', 3)).toBe(19)
  expect(moved(grouped, 3, 'home', 3)).toBe(0)
  expect(moved(grouped, 0, 'pagedown', 3)).toBe(8)
  expect(moved(grouped, 19, 'pagedown', 3)).toBe(19)
  expect(moved(grouped, 0, 'left', 3)).toBe(0)
  expect(moved(flat(100), 50, 'pageup', 3)).toBe(32)
})
