import { ALL_LABELS, classToken, flippedToken, isShown, setToken, shownLabels } from './overlays'

const RBC = { set: 'label', class: 'RBC', class_id: 1 }

test('a class is hidden by itself, by its set, and with everything', () => {
  expect(isShown(RBC, new Set())).toBe(true)
  expect(isShown(RBC, new Set([classToken('label', 'WBC'), setToken('other')]))).toBe(true)
  for (const token of [classToken('label', 'RBC'), setToken('label'), ALL_LABELS]) {
    expect(isShown(RBC, new Set([token]))).toBe(false)
  }
})

test('nothing hidden gives the very list', () => {
  const labels = [
    { ...RBC, task: 'detection', kind: 'box', color: null, value: null, box: null, points: null },
  ] as const
  expect(shownLabels(labels as never, new Set())).toBe(labels)
  expect(shownLabels(labels as never, new Set([ALL_LABELS]))).toEqual([])
})

test('a token goes in and out', () => {
  expect(flippedToken(new Set(['s:a']), 's:b')).toEqual(['s:a', 's:b'])
  expect(flippedToken(new Set(['s:a', 's:b']), 's:a')).toEqual(['s:b'])
})
