import { expect, test } from 'vitest'
import { type Asked, jsonText, pythonText, quoted, written, yamlText } from './code'
import type { Training } from './types'

const TRAINING: Training = {
  type: 'training-parameters',
  version: 1,
  part: 'train',
  items: 218,
  layers: {
    image: {
      bands: ['red', 'green', 'blue'],
      native: {
        n: [3, 3, 3],
        mean: [188.14, 177.72, 182.47],
        std: [15.48, 26, 19.34],
        min: [72, 50, 75],
        max: [255, 255, 255],
        invalid: [0, 0, 0],
        percentiles: { '50': [191, 185, 187] },
        exact: true,
      },
      scaled: {
        range: [0, 255],
        mean: [0.73781, 0.69694, 0.71559],
        std: [0.06069, 0.10196, 0.07584],
        min: [0.28, 0.2, 0.29],
        max: [1, 1, 1],
        percentiles: { '50': [0.75, 0.73, 0.73] },
      },
      bit_depth: 8,
      bit_depths: [8],
      dtypes: ['uint8'],
      size: [640, 480],
      sizes: { min: [640, 480], median: [640, 480], max: [640, 480] },
    },
  },
  sets: {
    label: {
      task: 'detection',
      counts: { RBC: 2495, 'say "hi"\n': 0 },
      weights: {
        inverse_frequency: { RBC: 0.39198, 'say "hi"\n': null },
        median_frequency: { RBC: 1 },
        effective_number: { RBC: 1 },
        beta: 0.9999,
        empty: [],
      },
    },
  },
}

const ASKED: Asked = {
  name: 'blood "cells"',
  displayName: 'Blood cells\nof two wards',
  items: ['picture', 'pictures'],
  version: 3,
  training: TRAINING,
  layer: 'image',
  set: 'label',
  convention: 'inverse_frequency',
  scaled: true,
}

test('Python has what a loop needs, and the line that gives all of it', () => {
  expect(pythonText(ASKED).split('\n')).toEqual([
    '# Blood cells of two wards, version 3',
    '# train part: 218 pictures',
    'mean = [0.7378, 0.6969, 0.7156]',
    'std  = [0.06069, 0.1020, 0.07584]',
    'class_weights = {',
    '    "RBC": 0.3920,',
    '    "say \\"hi\\"\\n": None,  # not in the train part',
    '}',
    '# the same, and more, from Python:',
    'import triptych',
    'p = triptych.load("blood \\"cells\\"@3").training()',
  ])
})

test('a short name leaves room for the part in its line', () => {
  expect(pythonText({ ...ASKED, displayName: 'Cells' })).toMatch(
    /^# Cells, version 3, train part: 218 pictures\nmean/,
  )
})

test('raw values are those of the files, and other bands are named', () => {
  const layer = TRAINING.layers['image']
  if (layer === undefined) throw new Error('no layer')
  const gray = { ...layer, bands: ['gray'], native: { ...layer.native, mean: [188.14], std: [15.48] } }
  const text = pythonText({ ...ASKED, scaled: false, training: { ...TRAINING, layers: { image: gray } } })
  expect(text).toContain('mean = [188.1400]  # gray\nstd  = [15.4800]')
})

test('values that differ in depth have no common scale: the raw ones stand in', () => {
  const layer = TRAINING.layers['image']
  if (layer === undefined) throw new Error('no layer')
  const text = pythonText({
    ...ASKED,
    training: { ...TRAINING, layers: { image: { ...layer, scaled: null } } },
  })
  expect(text).toContain('mean = [188.1400, 177.7200, 182.4700]')
})

test('without labels there are no weights', () => {
  expect(pythonText({ ...ASKED, set: null })).not.toContain('class_weights')
})

test('small numbers keep four digits', () => {
  expect([0, 0.39198, 0.0603, 0.00001234, -0.5, 32290.6, 1e-7].map(written)).toEqual([
    '0.0000',
    '0.3920',
    '0.06030',
    '0.00001234',
    '-0.5000',
    '32290.6000',
    '1.000e-7',
  ])
})

test('JSON says what the document says', () => {
  expect(JSON.parse(jsonText(TRAINING))).toEqual(TRAINING)
  expect(jsonText({ a: { b: [1, 2] }, c: {} })).toBe('{\n  "a": {\n    "b": [1, 2]\n  },\n  "c": {}\n}')
})

test('YAML quotes what it would take for something else', () => {
  expect(yamlText({ '1': 'x: y', no: 1, mean: [0.5, 1e-7, null], empty: {}, t: { on: true } })).toBe(
    ['"1": "x: y"', '"no": 1', 'mean: [0.5, 1.0e-7, null]', 'empty: {}', 't:', '  "on": true'].join('\n'),
  )
})

test('quotes hold every character', () => {
  expect(quoted('a"b\\c\n\u2028\u0085😀')).toBe('"a\\"b\\\\c\\n\\u2028\\u0085😀"')
})
