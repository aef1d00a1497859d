import { expect, test } from 'vitest'
import { newFindings } from './newFindings'

const finding = (code: string, count = 1) => ({
  severity: 'warning' as const,
  code,
  subject: 'label.csv',
  message: 'Rows name pictures that are not there.',
  hint: '',
  count,
  examples: [],
})

test('what the version before had is not new', () => {
  const before = [finding('a'), finding('b')]
  expect(newFindings(before, [...before, finding('c')])).toEqual([finding('c')])
})

test('the same code from another file, or about more, is new', () => {
  expect(newFindings([finding('a')], [finding('a', 2)])).toHaveLength(1)
  expect(newFindings([finding('a')], [{ ...finding('a'), subject: 'other.csv' }])).toHaveLength(1)
})
