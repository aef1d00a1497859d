import type { Finding } from '@/api/errors'
import { describeFinding, groupFindings, placeOf } from './findings'

function finding(values: Partial<Finding>): Finding {
  return {
    severity: 'warning',
    code: 'some_code',
    message: 'Something is so.',
    hint: '',
    subject: '',
    count: 1,
    examples: [],
    ...values,
  }
}

test('groups come gravest first, and only rejected files are called rejected', () => {
  const groups = groupFindings([
    finding({ severity: 'note', code: 'clutter', count: 2 }),
    finding({ severity: 'warning', code: 'box_zero_size' }),
    finding({ severity: 'error', code: 'row_unreadable' }),
    finding({ severity: 'error', code: 'file_rejected', subject: 'truncated', count: 3 }),
    finding({ severity: 'error', code: 'file_rejected', subject: 'empty_file', count: 1 }),
  ])
  expect(groups.map((group) => [group.title, group.aside, group.findings.length])).toEqual([
    ['Rejected', '4 files are left out', 2],
    ['To mend', 'Something is lost or leaks', 1],
    ['Worth a look', 'Imported, unless you change it', 1],
    ['For your information', '1 note', 1],
  ])
})

test('no findings give no groups', () => {
  expect(groupFindings([])).toEqual([])
})

test('a rejection says how many, why once, and what to do', () => {
  const examples = ['image/a.jpg: The picture ends early.', 'image/b.jpg: The picture ends early.']
  expect(
    describeFinding(finding({ code: 'file_rejected', subject: 'truncated', count: 2, examples })),
  ).toEqual({
    title: '2 pictures are cut off',
    why: 'The picture ends early.',
    todo: 'Export or copy again and add later, or go on without.',
    amount: '2 files',
    places: [
      { where: 'image/a.jpg', why: 'The picture ends early.' },
      { where: 'image/b.jpg', why: 'The picture ends early.' },
    ],
  })
})

test('a reason that nobody wrote words for is told by the server', () => {
  const text = describeFinding(
    finding({ code: 'file_rejected', subject: 'new_reason', message: 'Files cannot be imported.', count: 7 }),
  )
  expect([text.title, text.amount]).toEqual(['Files cannot be imported.', '7 files'])
})

test('rows are counted as rows, and nothing to do is nothing to read', () => {
  const text = describeFinding(
    finding({ subject: 'label.csv', hint: 'Nothing to do.', count: 3, examples: ['row 812: a.jpg'] }),
  )
  expect([text.amount, text.todo]).toEqual(['3 rows', ''])
})

test('places keep colons of names and markup as text', () => {
  expect(placeOf('a: b/c.png: It is short: 3 bytes.')).toEqual({
    where: 'a: b/c.png',
    why: 'It is short: 3 bytes.',
  })
  expect(placeOf('row 12: <b>x</b>')).toEqual({ where: 'row 12', why: '<b>x</b>' })
  expect(placeOf('__MACOSX/._a')).toEqual({ where: '__MACOSX/._a', why: '' })
})
