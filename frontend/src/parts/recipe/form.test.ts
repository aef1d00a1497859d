import type { Collection } from './collections'
import {
  addSource,
  moved,
  ofCollection,
  removeSource,
  withColor,
  withDates,
  withName,
  withSource,
} from './edits'
import { readFacts } from './facts'
import {
  blankBand,
  blankCategory,
  blankForm,
  blankSource,
  type Form,
  formOf,
  reconciled,
  recipeOf,
} from './form'
import { categoriesProblem, isDate, sceneProblem, sourcesProblem } from './problems'
import { paletteColor, readRecipe, type Recipe } from './recipe'

const DOCUMENT = {
  type: 'geospatial-recipe',
  version: 1,
  purpose: 'Segmentation',
  data_sources: [
    {
      modality_tag: 'S2L2A',
      file_suffix: '_img.tif',
      connector: 'sentinelhub',
      collection: 's2_l2a',
      nodata: 'nan',
      resolution: 10,
      dates: [],
      band_order: 'dates_first',
      bands: [
        {
          index: '2',
          band_name: 'B04',
          RGB_band: 'R',
          scaling_factor: '0.0001',
          offset: 0,
          wavelength: 664.6,
        },
        { index: 0, band_name: 'B02', RGB_band: null },
      ],
    },
  ],
  label_suffix: '_mask.tif',
  label_layer: 'mask',
  label_categories: [{ id: -1, name: 'Ignore', color: '#000000', opacity: 0, weight: null, ignore: true }],
  scene: null,
}

function recipe(): Recipe {
  const read = readRecipe(DOCUMENT)
  if (read === null) throw new Error('no recipe')
  return read
}

const FACTS = readFacts({ sources: [{ file_suffix: '_img.tif', bands: [{ value: 4, files: 5 }] }] })

test('a recipe goes through the form and comes out as it was, texts as numbers', () => {
  const sent = recipeOf(formOf(recipe(), FACTS))
  expect(sent.data_sources[0]?.bands).toEqual([
    {
      index: 2,
      band_name: 'B04',
      RGB_band: 'R',
      scaling_factor: 0.0001,
      offset: 0,
      description: '',
      wavelength: 664.6,
    },
    {
      index: 0,
      band_name: 'B02',
      RGB_band: null,
      scaling_factor: 1,
      offset: 0,
      description: '',
      wavelength: null,
    },
  ])
  expect(sent.data_sources[0]?.nodata).toBe('nan')
  expect(sent.label_categories).toEqual(DOCUMENT.label_categories)
  expect(sent).toMatchObject({ type: 'geospatial-recipe', version: 1, label_layer: 'mask', scene: null })
})

test('bands that the recipe leaves out have rows that are not used', () => {
  const [source] = formOf(recipe(), FACTS).sources
  expect(source?.bands.map(({ index, used }) => [index, used])).toEqual([
    [2, true],
    [0, true],
    [1, false],
    [3, false],
  ])
})

test('each colour is given once, and a second press takes it back', () => {
  const bands = formOf(recipe(), FACTS).sources[0]?.bands ?? []
  const red = withColor(bands, 0, 'R')
  expect(red.map(({ color }) => color)).toEqual([null, 'R', null, null])
  expect(withColor(red, 0, 'R').every(({ color }) => color === null)).toBe(true)
})

test('bands change places, and the ends stay', () => {
  const bands = formOf(recipe(), FACTS).sources[0]?.bands ?? []
  expect(moved(bands, 0, -1).map(({ index }) => index)).toEqual([0, 2, 1, 3])
  expect(moved(bands, 2, -1).map(({ index }) => index)).toEqual([2, 0, 1, 3])
})

test('dates leave the rows of one date', () => {
  const source = { ...blankSource(0), suffix: '_stack.tif' }
  const stacked = withDates(source, ['2016-01-01', '2016-02-01'], 8)
  expect(stacked.bands.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  expect(withDates(stacked, [], 8).bands).toHaveLength(8)
})

const COLLECTION: Collection = {
  connector: 'sentinelhub',
  collection: 's1_grd',
  title: 'Sentinel-1 GRD',
  modality_tag: 'S1GRD',
  resolution: 10,
  bands: [
    { name: 'VV', description: 'co', color: null, wavelength: null, scale: null },
    { name: 'VH', description: 'cross', color: null, wavelength: null, scale: 0.1 },
  ],
}

test('a collection names the bands: of a blank source all, else in order or by name', () => {
  const blank = ofCollection(blankSource(0), COLLECTION, true)
  expect(blank).toMatchObject({ tag: 'S1GRD', collection: 's1_grd', resolution: 10 })
  expect(blank.bands.map(({ name, scale }) => [name, scale])).toEqual([
    ['VV', '1'],
    ['VH', '0.1'],
  ])
  const source = formOf(recipe(), FACTS).sources[0] ?? blankSource(0)
  const named = ofCollection({ ...source, bands: source.bands.slice(0, 1) }, COLLECTION, false)
  expect(named.tag).toBe('S2L2A')
  expect(named.bands[0]?.name).toBe('B04')
})

test('fewer bands than a collection has, none called alike, are its first; a name brings its band', () => {
  const wide: Collection = {
    ...COLLECTION,
    bands: [...COLLECTION.bands, { name: 'HH', description: 'co', color: 'R', wavelength: 5.6e7, scale: 2 }],
  }
  const bands = [blankBand(0), blankBand(1)]
  const first = ofCollection({ ...blankSource(0), bands }, wide, true)
  expect(first.bands.map(({ name }) => name)).toEqual(['VV', 'VH'])
  const red = withColor(first.bands, 0, 'R')
  expect(withName(red, 1, 'HH', wide)).toMatchObject([
    { name: 'VV', color: null },
    { name: 'HH', color: 'R', description: 'co', scale: '2' },
  ])
  expect(withName(red, 1, 'H', wide)[1]).toMatchObject({ name: 'H', description: 'cross' })
})

test('after another check what was edited stays, and the rest is as proposed', () => {
  const proposed = formOf(recipe(), FACTS)
  const added = withSource(addSource(proposed), 1, { suffix: '_S1.tif', isEdited: false })
  const both = recipe().data_sources.flatMap((source) => [source, { ...source, file_suffix: '_S1.tif' }])
  const again = formOf({ ...recipe(), data_sources: both, label_categories: [] }, FACTS)
  expect(reconciled(added, again)).toMatchObject({
    sources: [{ suffix: '_img.tif' }, { key: 1, suffix: '_S1.tif', tag: 'S2L2A' }],
    categories: [],
  })
  const renamed = withSource(proposed, 0, { tag: 'mine' })
  expect(reconciled({ ...renamed, isCategoriesEdited: true }, again)).toMatchObject({
    sources: [{ tag: 'mine' }],
    categories: [{ id: '-1' }],
  })
  expect(reconciled(removeSource(added, 0), again).sources).toHaveLength(1)
})

test('what keeps a form from being sent is said by name', () => {
  const form = formOf(recipe(), FACTS)
  const problem = (changed: Form) => sourcesProblem(changed, () => null)
  expect(problem(form)).toBeNull()
  expect(problem({ ...form, sources: [] })).toBe('A dataset needs a data source.')
  expect(problem(blankForm())).toContain('Say how its files end')
  const bands = form.sources[0]?.bands ?? []
  expect(problem(withSource(form, 0, { bands: bands.map((b) => ({ ...b, used: false })) }))).toContain(
    'needs a band',
  )
  expect(problem(withSource(form, 0, { bands: bands.map((b) => ({ ...b, name: 'x' })) }))).toBe(
    'S2L2A: band 3: Another one has this name.',
  )
  expect(problem(withSource(form, 0, { bands: bands.map((b) => ({ ...b, scale: '0' })) }))).toContain('Zero')
  expect(problem(withSource(form, 0, { nodata: 'none' }))).toContain('nan')
  expect(
    sourcesProblem(withSource(form, 0, { dates: ['2016-01-01', '2017-01-01', '2018-01-01'] }), () => 8),
  ).toContain('8 bands of a file cannot be shared out among 3 dates')
  expect(problem(withSource(form, 0, { dates: ['2016-02-30'] }))).toContain('no date')
})

test('labels have whole numbers, negative ones too, each once', () => {
  const form = formOf(recipe(), FACTS)
  expect(categoriesProblem(form)).toBeNull()
  const blank = blankCategory(form.categories)
  expect(blank).toMatchObject({ id: '0', key: 1, color: paletteColor(0) })
  const with_ = (change: object) =>
    categoriesProblem({ ...form, categories: [...form.categories, { ...blank, name: 'Water', ...change }] })
  expect(with_({})).toBeNull()
  expect(with_({ id: '-1' })).toContain('Another label has this ID')
  expect(with_({ id: '1.5' })).toContain('whole number')
  expect(with_({ name: ' ' })).toContain('needs a name')
  expect(with_({ opacity: '1.2' })).toContain('0 to 1')
  expect(with_({ weight: '-1' })).toContain('from 0 on')
})

test('dates are of the calendar, scenes are patterns with a group', () => {
  expect(isDate('2016-07-30')).toBe(true)
  expect(isDate('2016-07-30T10:00:00Z')).toBe(true)
  expect(isDate('30.7.2016')).toBe(false)
  expect(isDate('2016-13-01')).toBe(false)
  expect(sceneProblem('')).toBeNull()
  expect(sceneProblem('^([A-Z]+)_')).toBeNull()
  expect(sceneProblem('^(?P<scene>[A-Z]+)_')).toBeNull()
  expect(sceneProblem('^[A-Z]+_')).toContain('parentheses')
  expect(sceneProblem('(')).toContain('regular expression')
})

test('facts are what was met of each, and where files agree how many bands they have', () => {
  const facts = readFacts({
    chips: 6,
    pairs: 5,
    orphans: { data: 1, labels: 0 },
    sources: [
      {
        file_suffix: '_img.tif',
        files: 6,
        sizes: [
          { value: [512, 512], files: 5 },
          { value: [100, 101], files: 1 },
        ],
        dtypes: [{ value: 'float32', files: 6 }],
        bands: [{ value: 13, files: 6 }],
        crs: [{ value: 'EPSG:32633', files: 6 }],
        metres: 9.9948,
        nodata: [{ value: null, files: 6 }],
        times: ['2015:07:11 10:00:08', '2017-12-22T10:04:15'],
      },
      {
        file_suffix: '_dem.tif',
        bands: [{ value: 1 }, { value: 2 }],
        nodata: [{ value: -9999 }],
        times: null,
      },
    ],
    labels: {
      file_suffix: '_mask.tif',
      values: [
        { value: 2, pixels: 9 },
        { value: -1, pixels: 3 },
      ],
    },
    sampled: { headers: 8, of: 10, labels: 0 },
  })
  expect(facts?.sources[0]).toMatchObject({
    sizes: ['512 × 512', '100 × 101'],
    crs: ['EPSG:32633'],
    nodata: [],
    bands: 13,
    times: ['2015-07-11', '2017-12-22'],
  })
  expect(facts?.sources[1]).toMatchObject({ bands: null, nodata: ['-9999'], times: null })
  expect(facts?.labels?.values).toEqual([
    { value: -1, pixels: 3 },
    { value: 2, pixels: 9 },
  ])
  expect(facts?.sampled).toEqual({ headers: 8, of: 10 })
})
