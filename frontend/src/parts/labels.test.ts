import { chipsOf, countClasses, coveredShares, type Label, outlinesOf } from './labels'

const BLANK: Label = {
  set: 'label',
  task: 'detection',
  kind: 'box',
  class_id: 0,
  class: 'RBC',
  color: '#0072B2',
  value: null,
  box: null,
  parts: null,
  mask: null,
  frame: null,
  instance: null,
}

test('the boxes of a class are one path, in pixels of the picture', () => {
  const labels = [
    { ...BLANK, box: [1, 2, 30, 40] },
    { ...BLANK, box: [5.5, 6, 7, 0] },
    { ...BLANK, class_id: 12, class: 'WBC', color: '#E69F00', box: [0, 0, 9, 9] },
  ]
  expect(outlinesOf(labels, 100)).toEqual([
    { key: 'label:RBC', color: '#0072B2', dashed: false, path: 'M1 2h30v40h-30zM5.5 6h7v0h-7z', area: '' },
    { key: 'label:WBC', color: '#E69F00', dashed: true, path: 'M0 0h9v9h-9z', area: '' },
  ])
})

test('a polygon is closed and tinted, each part for itself', () => {
  const parts = [
    [0, 0, 4, 0, 4, 4],
    [9, 9, 8, 9, 8, 8],
  ]
  const path = 'M0 0L4 0L4 4zM9 9L8 9L8 8z'
  const label = { ...BLANK, kind: 'polygon', parts, box: [0, 0, 9, 9] }
  expect(outlinesOf([label], 100)[0]).toMatchObject({ path, area: path })
})

test('a line stays open, a point is a cross', () => {
  const line = { ...BLANK, kind: 'line', parts: [[0, 0, 4, 0, 4, 4]] }
  expect(outlinesOf([line], 100)[0]).toMatchObject({ path: 'M0 0L4 0L4 4', area: '' })
  const point = { ...BLANK, kind: 'point', parts: [[10, 20]] }
  expect(outlinesOf([point], 100)[0]?.path).toBe('M8 20h4M10 18v4')
})

test('a mask is tinted; one that is left out or no mask shows its box', () => {
  const mask = { size: [2, 2] as [number, number], counts: '121' }
  const label = { ...BLANK, kind: 'mask', mask, box: [0, 0, 2, 2] }
  expect(outlinesOf([label], 100)[0]).toMatchObject({ path: '', area: 'M0 1h1v1h-1zM1 0h1v1h-1z' })
  for (const other of [null, { ...mask, counts: '~~' }]) {
    expect(outlinesOf([{ ...label, mask: other }], 100)[0]).toMatchObject({
      path: 'M0 0h2v2h-2z',
      area: '',
    })
  }
})

test('"nothing there" draws nothing and counts as no class', () => {
  const nothing = { ...BLANK, kind: 'nothing', class_id: null, class: null, color: null }
  expect(outlinesOf([nothing], 100)).toEqual([])
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

test('label rasters cover shares of the picture, the widest first', () => {
  const pixels = { ...BLANK, task: 'segmentation', kind: 'pixels' } as const
  const labels: Label[] = [
    { ...pixels, class: 'Water', value: 25 },
    { ...pixels, class: 'Land', value: 75 },
    { ...BLANK, class: 'box' },
  ]
  expect(coveredShares(labels, 100).map(({ name, text }) => [name, text])).toEqual([
    ['Land', '75.0 %'],
    ['Water', '25.0 %'],
  ])
})
