import { bytes, commonPrefix, count, duration, plural, visibleEnd, when } from './format'

test('sizes are powers of ten with one digit', () => {
  expect(bytes(999)).toBe('999 B')
  expect(bytes(1000)).toBe('1.0 kB')
  expect(bytes(7_718_337)).toBe('7.7 MB')
  expect(bytes(999_960)).toBe('1.0 MB')
})

test('counts have thousands marks, one thing is singular', () => {
  expect(count(1234567)).toBe('1,234,567')
  expect(plural(1, 'study', 'studies')).toBe('1 study')
  expect(plural(2062, 'study', 'studies')).toBe('2,062 studies')
})

test('durations grow coarser as they grow', () => {
  expect([2.14, 41.2, 99.5, 720, 11_100, 187_200].map(duration)).toEqual([
    '2.1 s',
    '41 s',
    '2 min',
    '12 min',
    '3 h 5 min',
    '2 d 4 h',
  ])
})

test('times are told from today', () => {
  const now = new Date(2026, 10, 21, 15, 0).getTime()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 2).getTime() / 1000
  expect(when(at(21, 14), now)).toBe('Today, 14:02')
  expect(when(at(20, 0), now)).toBe('Yesterday')
  expect(when(at(18, 9), now)).toBe('18 Nov 2026')
})

test('a common front is cut at a divider, so that numbers stay whole', () => {
  expect(commonPrefix(['image/BloodImage_00001.jpg', 'image/BloodImage_00009.jpg'])).toBe('image/BloodImage_')
  expect(commonPrefix(['a.png', 'b.png'])).toBe('')
  expect(commonPrefix(['only.png'])).toBe('')
})

test('a space at the end can be seen', () => {
  expect(visibleEnd('WBC ')).toBe('WBC␣')
})
