import { factsOf } from './facts'

const COUNTS = { items: 364, studies: 1, files: 365, bytes: 7_718_337 }
const OWNER = { id: '1', name: 'Ada' }
const BINS = { imported: 365, ignored: 0, rejected: 0 }
const aClass = (id: number, count: number) => ({
  id,
  name: String(id),
  color: '#0072B2',
  count,
  opacity: 1,
  weight: null,
  ignore: false,
})
const PLANAR = { modality: 'planar', geospatial: null } as const

test('counts, labels by kind, size and owner', () => {
  const sets = [
    {
      name: 'a',
      task: 'detection' as const,
      items: 364,
      origin: '',
      layer: '',
      source: '',
      classes: [aClass(0, 4155), aClass(1, 733)],
    },
    {
      name: 'b',
      task: 'single_label' as const,
      items: 1,
      origin: '',
      layer: '',
      source: '',
      classes: [aClass(0, 1)],
    },
  ]
  expect(
    factsOf({ ...PLANAR, counts: COUNTS, annotation_sets: sets, owner: OWNER, bins: BINS, version: 1 }),
  ).toEqual(['364 items', '1 study', '4,888 boxes', '1 labelled item', '7.7 MB', 'Owned by Ada'])
})

test('before there is a version only what was rejected and the owner are known', () => {
  const bins = { ...BINS, rejected: 4 }
  expect(factsOf({ ...PLANAR, counts: COUNTS, annotation_sets: [], owner: OWNER, bins, version: 0 })).toEqual(
    ['4 files rejected', 'Owned by Ada'],
  )
})

test('chips have a purpose, data sources and bands', () => {
  const geospatial = {
    purpose: 'Segmentation',
    data_sources: [{ bands: [{}, {}] }, { bands: [{ index: 0 }], dates: ['2016-01-01', '2017-01-01'] }],
  }
  const shown = { modality: 'geospatial' as const, geospatial, counts: COUNTS, owner: OWNER, bins: BINS }
  expect(factsOf({ ...shown, annotation_sets: [], version: 1 })).toEqual([
    'Segmentation',
    '364 chips',
    '2 data sources',
    '4 bands',
    '7.7 MB',
    'Owned by Ada',
  ])
})
