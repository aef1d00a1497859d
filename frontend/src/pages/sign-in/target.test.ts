import { safeTarget } from './target'

test('only addresses of this site are gone to', () => {
  expect(safeTarget('/datasets/blood?class=WBC')).toBe('/datasets/blood?class=WBC')
  for (const other of [
    null,
    '',
    '//example.org',
    '/\\example.org',
    'https://example.org',
    'javascript:alert(1)',
  ]) {
    expect(safeTarget(other)).toBe('/datasets')
  }
})
