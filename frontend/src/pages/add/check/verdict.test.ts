import type { Report } from '@/uploads/report'
import { binShares, importedText, verdictOf } from './verdict'

function report(values: object): Report {
  return {
    counts: { items: 236, studies: 236, files: 237, bytes: 1 },
    bins: { imported: 237, ignored: 3, rejected: 4 },
    finding_list: [],
    annotation_sets: [{ source: 'label.csv' }],
    sampled: null,
    ...values,
  } as unknown as Report
}

test('a verdict says how many are fine and what happens to the others', () => {
  expect(verdictOf(report({}))).toEqual({
    kind: 'warn',
    strong: '236 of 240 pictures are fine.',
    rest: 'You can go on now: the other 4 are listed below and in the log of the dataset.',
  })
  const bins = { imported: 237, ignored: 3, rejected: 0 }
  expect(verdictOf(report({ bins }))).toMatchObject({ kind: 'good', strong: 'All 236 pictures are fine.' })
  expect(
    verdictOf(report({ bins, finding_list: [{ severity: 'warning' }, { severity: 'note' }] })),
  ).toMatchObject({
    kind: 'warn',
    rest: '1 thing is worth a look before you go on.',
  })
})

test('where only some headers were read the verdict says so', () => {
  const { rest } = verdictOf(report({ sampled: { members: 2000, of: 60000 } }))
  expect(rest).toContain('So far 2,000 of 60,000 headers are read')
})

test('label files are no pictures', () => {
  expect(importedText(report({}))).toEqual(['236', 'pictures and label.csv'])
  expect(importedText(report({ bins: { imported: 236, ignored: 0, rejected: 0 } }))).toEqual([
    '236',
    'pictures',
  ])
  expect(importedText(report({ bins: { imported: 239, ignored: 0, rejected: 0 } }))).toEqual([
    '236',
    'pictures and 3 other files',
  ])
})

test('a bin of few is still seen, an empty one is not', () => {
  expect(binShares({ imported: 980, rejected: 20, ignored: 0 })).toEqual([980, 20, 0])
  expect(binShares({ imported: 99_999, rejected: 1, ignored: 0 })).toEqual([99_999, 2_000, 0])
})
