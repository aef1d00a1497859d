import {
  activeFields,
  filtersIn,
  isTagSearch,
  NO_FILTERS,
  queryOf,
  toggled,
  withFilters,
  without,
} from './filters'

const address = (text: string) => new URLSearchParams(text)

test('filters and addresses are the same thing', () => {
  const filters = filtersIn(address('class=label:RBC&class=label:a%26b&part=test&search=00%20'))
  expect(filters.values.class).toEqual(['label:RBC', 'label:a&b'])
  expect(filters.search).toBe('00 ')
  expect(filtersIn(withFilters(address(''), filters))).toEqual(filters)
})

test('what else is in the address stays, but for the place', () => {
  const next = withFilters(address('view=table&version=2&at=900&part=train'), NO_FILTERS)
  expect(next.toString()).toBe('view=table&version=2')
})

test('a value is put in and taken out again', () => {
  const once = toggled(NO_FILTERS, 'part', 'train')
  expect(toggled(once, 'part', 'test').values.part).toEqual(['train', 'test'])
  expect(toggled(once, 'part', 'train')).toEqual(NO_FILTERS)
})

test('the query has only what is asked, depths as numbers', () => {
  const filters = filtersIn(address('bit_depth=8&bit_depth=16&search=x'))
  expect(queryOf(filters)).toEqual({ bit_depth: [8, 16], search: 'x' })
  expect(queryOf(NO_FILTERS)).toEqual({})
})

test('tags are asked for as often as there are some', () => {
  const filters = filtersIn(address('tag=Modality:CT&tag=KVP:120&modality=CT&body_part=HEAD'))
  const query = { modality: ['CT'], body_part: ['HEAD'], tag: ['Modality:CT', 'KVP:120'] }
  expect(queryOf(filters)).toEqual(query)
  expect(filtersIn(withFilters(address(''), filters))).toEqual(filters)
  expect(toggled(filters, 'tag', 'KVP:120').values.tag).toEqual(['Modality:CT'])
})

test('a search may be for a tag', () => {
  for (const text of ['Modality:CT', ' 0018,0050:5* ', '(0018,0050):5', '"Patient ID":"A 17"']) {
    expect(isTagSearch(text)).toBe(true)
  }
  for (const text of ['', 'scan 1.png', 'a:', ':b', 'Modality:CT and more']) {
    expect(isTagSearch(text)).toBe(false)
  }
})

test('dropping a field leaves the others', () => {
  const filters = filtersIn(address('part=test&finding=box_zero_size&search=x'))
  expect(activeFields(filters)).toEqual(['part', 'finding', 'search'])
  expect(activeFields(without(filters, 'part'))).toEqual(['finding', 'search'])
  expect(activeFields(without(filters, 'search'))).toEqual(['part', 'finding'])
})
