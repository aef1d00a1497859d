import { sharedText, timeOffer } from './leaking'

const none = { groups: 0, divided: 0, items: 0, between: {} }

test('a split without a leak says why, and what it divides on purpose', () => {
  expect(
    sharedText({ by: 'group', kinds: [{ kind: 'ground', meant: false, ...none }], offers: [] }),
  ).toContain('No two parts show the same ground')
  const ground = { kind: 'ground', meant: true, groups: 1, divided: 1, items: 68, between: {} } as const
  expect(sharedText({ by: 'time', kinds: [ground], offers: [] })).toContain(
    'of the same ground are in several',
  )
})

test('a leak leads to the ways of the dialog, where there are any', () => {
  const report = { by: 'group', kinds: [] } as const
  const time = { by: 'time', regions: 68 } as const
  expect(timeOffer({ ...report, kinds: [], offers: [time] }, 'a hint')).toContain('can split by time.')
  expect(timeOffer({ ...report, kinds: [], offers: [] }, 'a hint')).toBe('a hint')
})
