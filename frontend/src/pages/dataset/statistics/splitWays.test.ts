import { formProblem, lengthText, requestOf, type SplitForm, waysOf } from './splitWays'

const FORM: SplitForm = {
  shares: [60, 20, 20],
  seed: 3,
  by: 'group',
  blockSize: '',
  buffer: '',
  timeGap: '',
}

test('pictures keep studies together, chips what shows the same ground', () => {
  expect(waysOf(false, []).map(({ value }) => value)).toEqual(['group', 'study', 'item'])
  expect(waysOf(true, []).map(({ value }) => value)).toEqual(['group', 'item'])
})

test('the ways that go with a dataset stand between, with their numbers', () => {
  const ways = waysOf(true, [
    { by: 'block', regions: 12, block_size: 2600 },
    { by: 'time', regions: 68, first: 1_436_572_800, last: 1_513_900_800 },
    { by: 'scene', regions: 4 },
  ])
  expect(ways.map(({ value }) => value)).toEqual(['group', 'block', 'time', 'scene', 'item'])
  expect(ways[1]?.description).toContain('12 squares of 2.6 km')
  expect(ways[2]?.description).toContain('68 times, 2015-07-11 to 2017-12-22')
  expect(ways[3]?.description).toContain('4 scenes')
})

test('a field is sent with its way alone', () => {
  const typed = { ...FORM, blockSize: '800', buffer: '50', timeGap: '30' }
  expect(requestOf(typed)).toEqual({
    ratios: [0.6, 0.2, 0.2],
    seed: 3,
    by: 'group',
    name: 'default',
    buffer: 0,
    time_gap: 0,
  })
  expect(requestOf({ ...typed, by: 'block' })).toMatchObject({ block_size: 800, buffer: 50, time_gap: 0 })
  expect(requestOf({ ...typed, by: 'time' })).toMatchObject({ buffer: 0, time_gap: 2_592_000 })
  expect(requestOf({ ...FORM, by: 'block' })).not.toHaveProperty('block_size')
})

test('what cannot be sent is said, of the fields that count', () => {
  expect(formProblem(FORM)).toBeNull()
  expect(formProblem({ ...FORM, shares: [70, 20, 20] })).toContain('110 %')
  expect(formProblem({ ...FORM, blockSize: 'wide' })).toBeNull()
  expect(formProblem({ ...FORM, by: 'block', blockSize: 'wide' })).toContain('metres')
  expect(formProblem({ ...FORM, by: 'scene', buffer: '-1' })).toContain('buffer')
  expect(formProblem({ ...FORM, by: 'time', timeGap: '-1' })).toContain('days')
})

test('lengths are metres up to a kilometre', () => {
  expect([640, 1000, 2600].map(lengthText)).toEqual(['640 m', '1 km', '2.6 km'])
})
