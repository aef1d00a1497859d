import type { Label } from '@/parts/labels'
import { lookKey, START } from './address'
import {
  classesAt,
  contains,
  cornersOf,
  countsOf,
  labelsOn,
  lookOf,
  marksOf,
  onlyKey,
  tintsOf,
  toggledKey,
} from './marks'

const label = (change: Partial<Label>): Label => ({
  set: 'label',
  task: 'detection',
  kind: 'box',
  class_id: 0,
  class: 'RBC',
  color: '#0072b2',
  value: null,
  box: null,
  parts: null,
  mask: null,
  frame: null,
  instance: null,
  ...change,
})
const small = label({ box: [10, 20, 30, 5], class_id: 1, class: 'WBC' })
const large = label({ box: [0, 0, 100, 100] })
const outline = label({
  kind: 'polygon',
  class_id: 12,
  value: 50,
  box: [0, 0, 10, 10],
  parts: [[0, 0, 10, 0, 0, 10]],
})
const SIZE = { width: 100, height: 100 }
// 2 × 2: the second pixel of the first column and the first of the second.
const SMALL = { width: 2, height: 2 }
const mask = label({
  kind: 'mask',
  task: 'segmentation',
  class: 'liver',
  value: 2,
  box: [0, 0, 2, 2],
  mask: { size: [2, 2], counts: '121' },
})
const under = (x: number, y: number, size = SIZE) => ({ point: [x, y] as const, near: 2, size })

test('a box goes from its left upper corner by its width and height, downwards', () => {
  expect(marksOf([small], START, SIZE)[0]?.points).toEqual([
    [10, 20],
    [40, 20],
    [40, 25],
    [10, 25],
  ])
  expect(marksOf([label({ kind: 'class' })], START, SIZE)).toEqual([])
})

test('small boxes lie on large ones, outlines are filled, colours that repeat are dashed', () => {
  const marks = marksOf([small, large, outline], START, SIZE)
  expect(marks.map((mark) => mark.points[1])).toEqual([
    [100, 0],
    [40, 20],
    [10, 0],
  ])
  expect(marks.map((mark) => mark.isFilled)).toEqual([false, false, true])
  expect(marks.map((mark) => mark.isDashed)).toEqual([false, false, true])
})

test('a class, a set or everything can be switched off', () => {
  const drawn = (hidden: string[], labels = true) =>
    marksOf([small, large], { ...START, hidden, labels }, SIZE).length
  expect(drawn([])).toBe(2)
  expect(drawn([lookKey('label', 1)])).toBe(1)
  expect(drawn([lookKey('label')])).toBe(0)
  expect(drawn([lookKey('other'), lookKey('other', 1)])).toBe(2)
  expect(drawn([], false)).toBe(0)
})

test('colours are the class’s unless changed, opacities of set and class multiply', () => {
  const looks = {
    [lookKey('label')]: { opacity: 50 },
    [lookKey('label', 1)]: { color: '#ff0000', opacity: 40 },
  }
  const state = { ...START, looks }
  expect(lookOf(state, 'label', 1, '#0072b2')).toEqual({ color: '#ff0000', opacity: 0.2 })
  expect(lookOf(state, 'label', 0, '#0072b2')).toEqual({ color: '#0072b2', opacity: 0.5 })
  expect(lookOf(START, 'label', 0, null).color).toMatch(/^#/)
})

test('what lies under a point is told once for each class that is drawn', () => {
  expect(classesAt([small, large, large], START, under(12, 22))).toEqual(['WBC', 'RBC'])
  expect(classesAt([small, large], { ...START, hidden: [lookKey('label', 0)] }, under(12, 22))).toEqual([
    'WBC',
  ])
  expect(classesAt([small], START, under(12, 26))).toEqual([])
  expect(classesAt([outline], START, under(2, 2))).toEqual(['RBC'])
  expect(classesAt([outline], START, under(8, 8))).toEqual([])
  expect(contains(cornersOf([1, 1, 2, 2]), [2, 2])).toBe(true)
})

test('every part of a polygon is an area of its own', () => {
  const parts = [
    [0, 0, 4, 0, 4, 4],
    [50, 50, 60, 50, 60, 60],
  ]
  const both = { ...outline, parts }
  expect(marksOf([both], START, SIZE).map(({ points }) => points.length)).toEqual([3, 3])
  expect(classesAt([both], START, under(58, 52))).toEqual(['RBC'])
  expect(classesAt([both], START, under(30, 30))).toEqual([])
})

test('points and lines are drawn as such, and are found beside them', () => {
  const point = label({ kind: 'point', class: 'tip', parts: [[40, 40]] })
  const line = label({ kind: 'line', class: 'edge', parts: [[0, 50, 20, 50, 20, 80]] })
  expect(marksOf([point, line], START, SIZE).map(({ form }) => form)).toEqual(['point', 'line'])
  expect(classesAt([point, line], START, under(41, 41))).toEqual(['tip'])
  expect(classesAt([point, line], START, under(10, 51))).toEqual(['edge'])
  expect(classesAt([point, line], START, under(21, 79))).toEqual(['edge'])
  expect(classesAt([point, line], START, under(30, 60))).toEqual([])
})

test('a mask is a tint and no mark; its pixels are under the cursor, its box is not', () => {
  expect(marksOf([mask], START, SMALL)).toEqual([])
  expect(tintsOf([mask], START, SMALL)).toMatchObject([{ color: '#0072b2', opacity: 1 }])
  expect(classesAt([mask], START, under(0.5, 1.5, SMALL))).toEqual(['liver'])
  expect(classesAt([mask], START, under(0.5, 0.5, SMALL))).toEqual([])
  expect(tintsOf([mask], { ...START, hidden: [lookKey('label', 0)] }, SMALL)).toEqual([])
})

test('a mask that cannot be drawn shows its box by a thin line', () => {
  for (const other of [null, { size: [2, 2] as [number, number], counts: '12' }]) {
    const broken = { ...mask, mask: other }
    expect(tintsOf([broken], START, SMALL)).toEqual([])
    expect(marksOf([broken], START, SMALL)).toMatchObject([{ form: 'area', isThin: true, isFilled: false }])
  }
  expect(marksOf([mask], START, SIZE), 'a mask of another size than its picture').toHaveLength(1)
})

test('labels of a frame are seen on it alone, those of no frame on all', () => {
  const on = label({ frame: 3 })
  expect(labelsOn([on, small], 3)).toEqual([on, small])
  expect(labelsOn([on, small], 0)).toEqual([small])
})

test('labels are counted by class and set', () => {
  expect(countsOf([small, large, large, label({ set: 'other' })], 'label')).toEqual(
    new Map([
      [1, { count: 1, pixels: 0 }],
      [0, { count: 2, pixels: 0 }],
    ]),
  )
  expect(countsOf([mask, outline, mask], 'label').get(0)).toEqual({ count: 2, pixels: 4 })
})

test('one alone, and again all', () => {
  const keys = ['a', 'b', 'c']
  expect(toggledKey(['a'], 'a')).toEqual([])
  expect(onlyKey(['x'], keys, 'b')).toEqual(['x', 'a', 'c'])
  expect(onlyKey(['x', 'a', 'c'], keys, 'b')).toEqual(['x'])
})
