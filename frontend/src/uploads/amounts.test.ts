import { bytesOf } from './amounts'

test('a unit that both share stands once', () => {
  expect(bytesOf(3_200_000, 5_200_000)).toBe('3.2 of 5.2 MB')
  expect(bytesOf(900_000, 5_200_000)).toBe('900.0 kB of 5.2 MB')
  expect(bytesOf(0, 5_200_000)).toBe('0 B of 5.2 MB')
  expect(bytesOf(0, 0)).toBe('0 of 0 B')
})
