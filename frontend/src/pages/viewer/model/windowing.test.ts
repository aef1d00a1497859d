import {
  barsOf,
  dragged,
  firstPreset,
  presetsOf,
  rangeOf,
  shaded,
  shadingOf,
  type Tone,
  valueText,
  widened,
} from './windowing'

const PLAIN: Tone = { invert: false, brightness: 0, contrast: 0 }
const SIXTEEN = {
  dtype: 'uint16',
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
  const file = { ...SIXTEEN, windows: [{ name: '', low: -15, high: 85 }] }
  expect(firstPreset(file)).toBe('file1')
  expect(rangeOf(null, file)).toEqual({ low: -15, high: 85 })
  expect(rangeOf('full', file)).toEqual({ low: 0, high: 65535 })
  expect(rangeOf('brain', SIXTEEN)).toEqual({ low: 120, high: 3900 })
})

test('presets of tomography are for values with a sign', () => {
  expect(presetsOf(SIXTEEN).map((each) => each.id)).toEqual(['auto', 'full'])
  const signed = presetsOf({ ...SIXTEEN, dtype: 'int16' })
  expect(signed.find((each) => each.id === 'brain')).toMatchObject({ low: 0, high: 80 })
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
