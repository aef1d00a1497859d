import { isSameName } from './names'

test('a name is typed as it is read', () => {
  expect(isSameName('Blood cells', 'Blood cells')).toBe(true)
  expect(isSameName(' Blood cells', 'Blood cells ')).toBe(true)
  expect(isSameName('é', 'e\u0301')).toBe(true)
  expect(isSameName('blood cells', 'Blood cells')).toBe(false)
  expect(isSameName('', ' ')).toBe(false)
})
