import { chipsOf, countClasses, type Label, outlinesOf } from './labels'

const BLANK: Label = {
  set: 'label',
  task: 'detection',
  kind: 'box',
  class_id: 0,
  class: 'RBC',
  color: '#0072B2',
  value: null,
  box: null,
  points: null,
}

test('the boxes of a class are one path, in pixels of the picture', () => {
  const labels = [
    { ...BLANK, box: [1, 2, 30, 40] },
    { ...BLANK, box: [5.5, 6, 7, 0] },
    { ...BLANK, class_id: 12, class: 'WBC', color: '#E69F00', box: [0, 0, 9, 9] },
  ]
  expect(outlinesOf(labels)).toEqual([
    { key: 'label:RBC', color: '#0072B2', dashed: false, path: 'M1 2h30v40h-30zM5.5 6h7v0h-7z' },
    { key: 'label:WBC', color: '#E69F00', dashed: true, path: 'M0 0h9v9h-9z' },
  ])
})

test('a polygon is closed', () => {
  const points = [
    [0, 0],
    [4, 0],
    [4, 4],
  ]
  expect(outlinesOf([{ ...BLANK, points }])[0]?.path).toBe('M0 0L4 0L4 4z')
})

test('"nothing there" draws nothing and counts as no class', () => {
  const nothing = { ...BLANK, kind: 'nothing', class_id: null, class: null, color: null }
  expect(outlinesOf([nothing])).toEqual([])
  expect(countClasses([nothing])).toEqual([])
})

test('classes of equal name in two sets are counted apart, the most frequent first', () => {
  const labels = [BLANK, { ...BLANK, set: 'other' }, { ...BLANK, set: 'other' }]
  expect(countClasses(labels).map(({ key, count }) => [key, count])).toEqual([
    ['other:RBC', 2],
    ['label:RBC', 1],
  ])
})

test('chips are for whole pictures: classes by name, values as numbers', () => {
  const labels: Label[] = [
    BLANK,
    { ...BLANK, task: 'single_label', kind: 'class', class: 'CT' },
    { ...BLANK, task: 'regression', class_id: null, class: null, value: 0.30000000000000004 },
  ]
  expect(chipsOf(labels).map(({ text }) => text)).toEqual(['CT', '0.3'])
})
