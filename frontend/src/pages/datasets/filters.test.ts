import { filtersIn, isFiltered, queryOf, sortIn, toggled } from './filters'

test('an address carries the filters, and they come back out of it', () => {
  const filters = filtersIn(new URLSearchParams('search=cells&annotated=true&tag=a&tag=b&state=ready'))
  expect(filters.search).toBe('cells')
  expect(queryOf(filters)).toEqual({
    search: 'cells',
    annotated: true,
    modality: undefined,
    task: undefined,
    state: ['ready'],
    tag: ['a', 'b'],
  })
})

test('a value is put in once and taken out again, others stay', () => {
  const once = toggled(new URLSearchParams('tag=a&search=x'), 'tag', 'b')
  expect(once.getAll('tag')).toEqual(['a', 'b'])
  expect(toggled(once, 'tag', 'a').toString()).toBe('search=x&tag=b')
})

test('nothing asked for is nothing filtered', () => {
  expect(isFiltered(filtersIn(new URLSearchParams('sort=name&view=cards')))).toBe(false)
  expect(isFiltered(filtersIn(new URLSearchParams('annotated=true')))).toBe(true)
})

test('an order that there is not is the newest first', () => {
  expect(sortIn(new URLSearchParams('sort=-bytes'))).toBe('-bytes')
  expect(sortIn(new URLSearchParams('sort=colour'))).toBe('created')
})
