import { nameProblem } from './names'

test('every name that people write is one, markup and slashes included', () => {
  for (const name of ['cells', '細胞', 'a/b "c"', '<b>x</b>', '🔬 scans', ' x ', 'x'.repeat(1000)]) {
    expect(nameProblem(name)).toBeNull()
  }
})

test('empty, endless and unprintable names are none', () => {
  expect(nameProblem('  ')).toBe('A dataset needs a name.')
  expect(nameProblem('x'.repeat(1001))).toContain('1,000')
  expect(nameProblem('a\nb')).toContain('control')
  expect(nameProblem('a\ud800')).toContain('control')
})
