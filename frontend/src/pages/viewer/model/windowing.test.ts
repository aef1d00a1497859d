import {
  barsOf,
  dragged,
  firstPreset,
  presetsOf,
  rangeOf,
  samplesOf,
  shaded,
  shadingOf,
  type Tone,
  toldOf,
  valueText,
  valueType,
  widened,
} from './windowing'

const PLAIN: Tone = { invert: false, brightness: 0, contrast: 0 }
const SIXTEEN = {
  dtype: 'uint16',
  unit: '',
  windows: [],
  automatic: { low: 120, high: 3900 },
  full: { low: 0, high: 65535 },
}

test('the shader is the window of the definition, rounded to the nearest gray', () => {
  const range = { low: 1000, high: 4000 }
  const shading = shadingOf(range, PLAIN, 1)
  for (let value = 0; value < 65536; value += 7) {
    const wanted = 255 * Math.min(1, Math.max(0, (value - 1000) / 3000))
    expect(Math.abs(shaded(value, shading) - wanted)).toBeLessThan(0.5 + 1e-9)
  }
})

test('bytes come as parts of one and have the same grays', () => {
  const shading = shadingOf({ low: 20, high: 200 }, PLAIN, 255)
  for (let value = 0; value < 256; value += 1) {
    const wanted = Math.round(255 * Math.min(1, Math.max(0, (value - 20) / 180)))
    expect(Math.abs(shaded(value / 255, shading) - wanted)).toBeLessThanOrEqual(1)
  }
})

test('inverted is the other way round', () => {
  const plain = shadingOf({ low: 0, high: 255 }, { ...PLAIN, contrast: 20 }, 1)
  const inverted = shadingOf({ low: 0, high: 255 }, { ...PLAIN, contrast: 20, invert: true }, 1)
  for (const value of [0, 1, 64, 128, 200, 255]) {
    expect(shaded(value, plain) + shaded(value, inverted)).toBeCloseTo(255, -0.4)
  }
})

test('brightness moves, contrast turns about the middle', () => {
  const bright = shadingOf({ low: 0, high: 255 }, { ...PLAIN, brightness: 20 }, 1)
  expect(shaded(0, bright)).toBe(51)
  const flat = shadingOf({ low: 0, high: 255 }, { ...PLAIN, contrast: -50 }, 1)
  expect([shaded(0, flat), shaded(255, flat)]).toEqual([64, 191])
  const steep = shadingOf({ low: 0, high: 255 }, { ...PLAIN, contrast: 50 }, 1)
  expect([shaded(63, steep), shaded(192, steep)]).toEqual([0, 255])
})

test('what the file says comes first, 8 bits are shown as they are, deeper ones by percentiles', () => {
  expect(firstPreset(SIXTEEN)).toBe('auto')
  expect(firstPreset({ ...SIXTEEN, dtype: 'uint8' })).toBe('full')
  const file = { ...SIXTEEN, windows: [{ name: '', low: -15, high: 85, width: 101, center: 35.5 }] }
  expect(firstPreset(file)).toBe('file1')
  expect(rangeOf(null, file)).toEqual({ low: -15, high: 85 })
  expect(rangeOf('full', file)).toEqual({ low: 0, high: 65535 })
  expect(rangeOf('brain', SIXTEEN)).toEqual({ low: 120, high: 3900 })
})

test('presets of tomography are for Hounsfield units, those of the file before them', () => {
  expect(presetsOf({ ...SIXTEEN, dtype: 'int16' }).map((each) => each.id)).toEqual(['auto', 'full'])
  const windows = [{ name: 'HEAD', low: -15, high: 85, width: 101, center: 35.5 }]
  const presets = presetsOf({ ...SIXTEEN, dtype: 'int32', unit: 'HU', windows })
  expect(presets[0]).toMatchObject({ id: 'file1', label: 'HEAD', low: -15, high: 85 })
  expect(presets.find((each) => each.id === 'brain')).toMatchObject({ low: 0, high: 80 })
  expect(presets.slice(-2).map((each) => each.id)).toEqual(['auto', 'full'])
})

test.each([
  ['a plain picture', 'uint16', 1, 0, 'uint16'],
  ['tomography', 'int16', 1, -1024, 'int32'],
  ['a slope that falls', 'uint8', -2, 255, 'int32'],
  ['a slope of parts', 'uint16', 0.5, -10, 'float64'],
])('%s: a window in values gives each sample the gray of its value', (_, dtype, slope, intercept, type) => {
  const rescale = { slope, intercept }
  expect(valueType(dtype, rescale)).toBe(type)
  const range = { low: 40, high: 200 }
  const shading = shadingOf(samplesOf(range, rescale), PLAIN, 1)
  for (let sample = 0; sample < 3000; sample += 13) {
    const wanted = 255 * Math.min(1, Math.max(0, (slope * sample + intercept - 40) / 160))
    expect(Math.abs(shaded(sample, shading) - wanted)).toBeLessThan(0.5 + 1e-9)
  }
})

test('a window is never narrower than the shader can divide by', () => {
  expect(widened({ low: 5, high: 5 }, 'uint8')).toEqual({ low: 5, high: 6 })
  expect(widened({ low: 0.5, high: 0.5 }, 'float32').high).toBeGreaterThan(0.5)
  expect(dragged({ low: 0, high: 10 }, -9999, 0, 1000, 'uint16')).toEqual({ low: 4.5, high: 5.5 })
})

test('a drag of 500 px is the whole span: right is wider, down is a higher level', () => {
  expect(dragged({ low: 100, high: 200 }, 250, 0, 1000, 'uint16')).toEqual({ low: -150, high: 450 })
  expect(dragged({ low: 100, high: 200 }, 0, 50, 1000, 'uint16')).toEqual({ low: 200, high: 300 })
})

test('rare values can be seen beside frequent ones', () => {
  expect(barsOf([0, 1, 1_000_000])[1]).toBeGreaterThan(0.04)
  expect(barsOf([0, 0])).toEqual([0, 0])
})

test('values are written with what matters of them', () => {
  expect(valueText(65535, 'uint16')).toBe('65535')
  expect(valueText(-1024, 'int16')).toBe('−1024')
  expect(valueText(-18.5260251, 'float32')).toBe('−18.53')
  expect(valueText(0.000123456, 'float32')).toBe('0.0001235')
  expect(valueText(Number.NaN, 'float32')).toBe('no value')
})

it('a window of the file is told as the file writes it, any other by its ends', () => {
  const windows = [{ name: 'SOFT', low: -160, high: 239, width: 400, center: 40 }]
  const presets = presetsOf({ ...SIXTEEN, windows })
  expect(toldOf({ low: -160, high: 239 }, presets)).toEqual({ width: 400, level: 40 })
  expect(toldOf({ low: -160, high: 240 }, presets)).toEqual({ width: 400, level: 40 })
  expect(toldOf({ low: 0, high: 100 }, presets)).toEqual({ width: 100, level: 50 })
})
