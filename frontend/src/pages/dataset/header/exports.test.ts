import { exportAddress, exportWays } from './exports'

test('pictures and chips have formats of their own', () => {
  expect(exportWays('planar', null).map(({ name }) => name)).toContain('coco')
  expect(exportWays('geospatial', 'Other').map(({ name }) => name)).toEqual(['geotiff_pairs', 'stac'])
  expect(exportWays('geospatial', 'Segmentation').map(({ name }) => name)).toEqual([
    'geotiff_pairs',
    'stac',
    'training',
    'configuration',
  ])
})

test('an address names the version, and an archive its format', () => {
  const [chips, stac] = exportWays('geospatial', 'Other')
  if (chips === undefined || stac === undefined) throw new Error('no ways')
  expect(exportAddress(chips, 'a@3', 'tar')).toBe(
    '/api/v1/datasets/a%403/export?format=geotiff_pairs&container=tar',
  )
  expect(exportAddress(stac, 'a@3', 'tar')).toBe('/api/v1/datasets/a%403/stac.parquet')
})
