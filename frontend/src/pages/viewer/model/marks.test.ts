import type { Label } from '@/parts/labels'
import { lookKey, START } from './address'
import { classesAt, contains, countsOf, lookOf, marksOf, onlyKey, outlineOf, toggledKey } from './marks'

const label = (change: Partial<Label>): Label => ({
  set: 'label',
  task: 'detection',
  kind: 'box',
  class_id: 0,
  class: 'RBC',
  color: '#0072b2',
  value: null,
  box: null,
  points: null,
  ...change,
})
const small = label({ box: [10, 20, 30, 5], class_id: 1, class: 'WBC' })
const large = label({ box: [0, 0, 100, 100] })
const outline = label({
  kind: 'outline',
  class_id: 12,
  points: [
    [0, 0],
    [10, 0],
    [0, 10],
  ],
})

test('a box goes from its left upper corner by its width and height, downwards', () => {
  expect(outlineOf(small)).toEqual([
    [10, 20],
    [40, 20],
    [40, 25],
    [10, 25],
  ])
  expect(outlineOf(label({ kind: 'class' }))).toBeNull()
})

test('small boxes lie on large ones, outlines are filled, colours that repeat are dashed', () => {
  const marks = marksOf([small, large, outline], START)
  expect(marks.map((mark) => mark.outline[1])).toEqual([
    [100, 0],
    [40, 20],
    [10, 0],
  ])
  expect(marks.map((mark) => mark.isFilled)).toEqual([false, false, true])
  expect(marks.map((mark) => mark.isDashed)).toEqual([false, false, true])
})

test('a class, a set or everything can be switched off', () => {
  const drawn = (hidden: string[], labels = true) =>
    marksOf([small, large], { ...START, hidden, labels }).length
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
  expect(classesAt([small, large, large], START, [12, 22])).toEqual(['WBC', 'RBC'])
  expect(classesAt([small, large], { ...START, hidden: [lookKey('label', 0)] }, [12, 22])).toEqual(['WBC'])
  expect(classesAt([small], START, [12, 26])).toEqual([])
  expect(contains(outlineOf(outline) ?? [], [2, 2])).toBe(true)
  expect(contains(outlineOf(outline) ?? [], [8, 8])).toBe(false)
})

test('labels are counted by class and set', () => {
  expect(countsOf([small, large, large, label({ set: 'other' })], 'label')).toEqual(
    new Map([
      [1, 1],
      [0, 2],
    ]),
  )
})

test('one alone, and again all', () => {
  const keys = ['a', 'b', 'c']
  expect(toggledKey(['a'], 'a')).toEqual([])
  expect(onlyKey(['x'], keys, 'b')).toEqual(['x', 'a', 'c'])
  expect(onlyKey(['x', 'a', 'c'], keys, 'b')).toEqual(['x'])
})
