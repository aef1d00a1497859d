import { captionOf, partOf, shorterPrefix } from './caption'

test('the common front is cut, and said to be', () => {
  const prefix = shorterPrefix(null, ['image/BloodImage_00000.jpg', 'image/BloodImage_00009.jpg'])
  expect(captionOf('image/BloodImage_00009.jpg', prefix)).toEqual({ cut: true, text: '00009.jpg' })
  expect(captionOf('other.jpg', prefix)).toEqual({ cut: false, text: 'other.jpg' })
})

test('what is learned later makes the front shorter, never longer', () => {
  const first = shorterPrefix(null, ['a/b_1.png', 'a/b_2.png'])
  expect(first).toBe('a/b_')
  const second = shorterPrefix(first, ['a/c_1.png'])
  expect(second).toBe('a/')
  expect(shorterPrefix(second, ['a/b_1.png', 'a/b_2.png'])).toBe('a/')
  expect(shorterPrefix(second, ['z.png'])).toBe('')
  expect(shorterPrefix(second, [])).toBe('a/')
})

test('parts have two letters and a word', () => {
  expect(partOf('validation')).toEqual({ short: 'Va', word: 'Validation' })
  expect(partOf(null)).toBeNull()
})
