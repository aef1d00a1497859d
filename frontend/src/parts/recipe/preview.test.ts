import { blankBand, blankSource, type FormSource } from './form'
import { readFacts } from './facts'
import { paintedSample, placeOf, sampledText, shownBands } from './preview'

const DOCUMENT = {
  sources: [
    {
      file_suffix: '_img.tif',
      sample: {
        path: 'a_img.tif',
        bands: [{ mean: 1630, std: 810 }, null, { mean: 3, std: 1 }],
        width: 2,
        height: 1,
        planes: btoa(String.fromCharCode(1, 2, 3, 4, 5, 0)),
      },
    },
  ],
}

const sample = readFacts(DOCUMENT)?.sources[0]?.sample ?? null

function source(change: Partial<FormSource> = {}): FormSource {
  return { ...blankSource(0), bands: [0, 1, 2].map((index) => blankBand(index)), ...change }
}

test('sampled values are as the band is used', () => {
  expect(sample?.planes).toHaveLength(3)
  const band = { ...blankBand(0), scale: '0.0001' }
  expect(sampledText(source(), band, sample)).toBe('0.163 ± 0.081')
  expect(sampledText(source(), { ...band, scale: '1', offset: '-30' }, sample)).toBe('1,600 ± 810')
  expect(sampledText(source(), blankBand(1), sample)).toBe('')
  expect(sampledText(source(), { ...band, scale: 'x' }, sample)).toBe('')
  expect(sampledText(source(), band, null)).toBe('')
})

test('the preview has the colours of the bands, else the first band in grey', () => {
  if (sample === null) throw new Error('no sample')
  expect([...(paintedSample(source(), sample) ?? [])]).toEqual([1, 1, 1, 255, 2, 2, 2, 255])
  const [red, green, blue] = source().bands
  if (red === undefined || green === undefined || blue === undefined) throw new Error('no bands')
  const bands = [
    { ...red, color: 'B' },
    { ...green, color: 'G' },
    { ...blue, color: 'R' },
  ] as const
  const colored = source({ bands: [...bands] })
  expect(shownBands(colored).map(({ index }) => index)).toEqual([2, 1, 0])
  expect([...(paintedSample(colored, sample) ?? [])]).toEqual([5, 3, 1, 255, 0, 0, 0, 0])
  expect(paintedSample(source({ bands: [blankBand(7)] }), sample)).toBeNull()
})

test('bands of a stack lie at their first date', () => {
  const dates = ['2016', '2017']
  expect(placeOf({ dates, bandOrder: 'bands_first' }, 3)).toBe(6)
  expect(placeOf({ dates, bandOrder: 'dates_first' }, 3)).toBe(3)
})
