import type { Report } from '@/uploads/report'
import { reportText } from './reportText'

const REPORT: Report = {
  source: { filename: 'smears.zip', container: 'zip', bytes: 5_200_000 },
  format: 'image_label',
  modality: 'planar',
  accepted: [{ format: 'image_label', title: 'Pictures and label files', confidence: 0.9, why: '' }],
  refused: [],
  counts: { items: 38, studies: 38, files: 39, bytes: 5_000_000 },
  annotation_sets: [
    {
      name: 'label',
      task: 'detection',
      items: 37,
      source: 'label.csv',
      classes: [{ id: 0, name: '<b>rbc</b>', color: '#0072B2', count: 2611 }],
    },
  ],
  bins: { imported: 39, ignored: 3, rejected: 2 },
  finding_list: [
    {
      severity: 'error',
      code: 'file_rejected',
      message: 'Files cannot be imported.',
      hint: '',
      subject: 'empty_file',
      count: 22,
      examples: ['image/a.jpg: The file has no bytes.', 'image/b.jpg: The file has no bytes.'],
    },
  ],
  sampled: null,
}

test('the report as text has verdict, bins, labels, and each finding with its files', () => {
  expect(reportText(REPORT, 'smears.zip')).toBe(
    [
      'Check of smears.zip',
      '',
      '38 of 40 pictures are fine. You can go on now: the other 2 are listed below and in the log of the dataset.',
      '',
      'Format    Pictures and label files',
      'Pictures  38 in 38 studies, 5.0 MB',
      'Files     39 imported, 2 rejected, 3 ignored',
      'Labels    label: Detection on 37 pictures',
      '            <b>rbc</b>  2,611',
      '',
      'Rejected (22 files are left out)',
      '- 22 files are empty (22 files)',
      '  The file has no bytes.',
      '  What to do: Copy again from the origin, or go on without.',
      '    image/a.jpg',
      '    image/b.jpg',
      '    and 20 more',
      '',
    ].join('\n'),
  )
})
