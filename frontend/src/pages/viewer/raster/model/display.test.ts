import { describe, expect, it } from 'vitest'
import type { RasterBand, RasterLayer } from '../types'
import { displayIn, displayText, firstDisplay, presetOf, presetsOf, titleOf, type Display } from './display'
import { USUAL } from './stretch'

function band(index: number, name: string, more: Partial<RasterBand> = {}): RasterBand {
  const rest = { description: '', wavelength: null, color: null, scale: 1, offset: 0, date: null, band: name }
  return { index, name, ...rest, ...more } as RasterBand
}

function layer(bands: RasterBand[], rgb: number[]): RasterLayer {
  return { name: 'S2', role: 'source', bands, rgb } as unknown as RasterLayer
}

const SENTINEL = layer(
  [
    band(0, 'B02', { wavelength: 492.4 }),
    band(1, 'B03', { wavelength: 559.8 }),
    band(2, 'B04', { wavelength: 664.6 }),
    band(3, 'B08', { wavelength: 832.8 }),
    band(4, 'B11', { wavelength: 1613.7 }),
    band(5, 'B12', { wavelength: 2202.4 }),
  ],
  [2, 1, 0],
)
const NDVI = { name: 'NDVI', layer: 'S2', expression: '(B08-B04)/(B08+B04)' }

describe('presets', () => {
  it('are those that the bands allow, and indices of the layer', () => {
    const found = presetsOf(SENTINEL, [NDVI, { ...NDVI, layer: 'S1' }])
    expect(found.map(({ label, bands }) => [label, bands])).toEqual([
      ['Natural', [2, 1, 0]],
      ['False colour', [3, 2, 1]],
      ['SWIR', [5, 3, 2]],
      ['NDVI', []],
    ])
  })
  it('begin with the choice of the dataset where it is another one', () => {
    const own = presetsOf({ ...SENTINEL, rgb: [5, 4, 0] }, [])
    expect(own[0]).toMatchObject({ label: 'RGB', bands: [5, 4, 0] })
  })
  it('claim nothing of bands whose names say nothing', () => {
    const any = layer([band(0, 'b1'), band(1, 'b2'), band(2, 'b3'), band(3, 'b4')], [0, 1, 2])
    expect(presetsOf(any, []).map(({ label }) => label)).toEqual(['RGB'])
    expect(presetsOf(layer([band(0, 'VV'), band(1, 'VH')], [0]), [])).toEqual([])
  })
  it('name what is shown', () => {
    const presets = presetsOf(SENTINEL, [NDVI])
    const first = firstDisplay(SENTINEL)
    expect(presetOf(first, presets)?.label).toBe('Natural')
    expect(titleOf({ ...first, bands: [0, 1, 5] }, SENTINEL, presets)).toBe('B02, B03, B12')
    expect(titleOf({ ...first, bands: [], formula: 'B02*2' }, SENTINEL, presets)).toBe('B02*2')
  })
})

describe('displays in the address', () => {
  const all: Display[] = [
    { bands: [3, 2, 1], formula: null, palette: 'grey', stretch: USUAL },
    { bands: [4], formula: null, palette: 'magma', stretch: { of: 'dataset', low: 1, high: 99 } },
    {
      bands: [],
      formula: 'where(B08 > 0.2, B08 / B04, 0)! %',
      palette: 'viridis',
      stretch: { of: 'own', ranges: [{ low: -1, high: 1.5 }] },
    },
  ]
  it('come back as they were', () => {
    for (const display of all) expect(displayIn(displayText(display))).toEqual(display)
  })
  it('that make no sense are none', () => {
    for (const text of [
      '',
      'rgb.1,2!grey!i2-98',
      'band.x!grey!i2-98',
      'rgb.1,2,3!red!i2-98',
      'fx.%!grey!',
      'band.9999!grey!',
    ])
      expect(displayIn(text)).toBeNull()
  })
})
