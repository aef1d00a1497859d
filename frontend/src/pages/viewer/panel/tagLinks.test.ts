import { searchFor, tagsWith } from './tagLinks'

const tag = (keyword: string, value: string) => ({ tag: '0008,0060', keyword, value })

test('a tag is asked for by its keyword, values with blanks in quotes', () => {
  expect(searchFor(tag('Modality', 'CT'))).toBe('Modality:CT')
  expect(searchFor(tag('SeriesDescription', 'Thin  Bone'))).toBe('SeriesDescription:"Thin  Bone"')
  expect(searchFor(tag('', '12'))).toBe('0008,0060:12')
})

test('of several values the first, of a value that is cut off its beginning', () => {
  expect(searchFor(tag('ImageType', 'ORIGINAL\\PRIMARY'))).toBe('ImageType:ORIGINAL')
  expect(searchFor(tag('Notes', 'long text…'))).toBe('Notes:"long text*"')
})

test('quotes stand for any text, and nothing is not asked for', () => {
  expect(searchFor(tag('Notes', 'so "called" x'))).toBe('Notes:"so *called* x"')
  for (const empty of ['', ' ', '…', '"']) expect(searchFor(tag('Notes', empty))).toBeNull()
})

test('tags are found by number, keyword, name and value', () => {
  const tags = [
    { ...tag('Modality', 'CT'), name: 'Modality', vr: 'CS', depth: 0, personal: false },
    {
      ...tag('KVP', '120'),
      tag: '0018,0060',
      name: 'Peak kilo voltage',
      vr: 'DS',
      depth: 0,
      personal: false,
    },
  ]
  const found = (search: string) => tagsWith(tags, search).map((each) => each.keyword)
  expect(found('')).toEqual(['Modality', 'KVP'])
  expect(found(' modal ')).toEqual(['Modality'])
  expect(found('0018')).toEqual(['KVP'])
  expect(found('peak')).toEqual(['KVP'])
  expect(found('ct')).toEqual(['Modality'])
})
