import { describe, expect, it } from 'vitest'
import { RASTER_START, type RasterState, readRaster, writeRaster } from './state'
import { USUAL } from './stretch'

function text(state: RasterState): URLSearchParams {
  const search = new URLSearchParams()
  writeRaster(state, (name, value) => {
    if (value !== null) search.append(name, value)
  })
  return search
}

describe('the state of rasters in the address', () => {
  it('is nothing where nothing was changed', () => {
    expect(text(RASTER_START).toString()).toBe('')
    expect(readRaster(new URLSearchParams())).toEqual(RASTER_START)
  })
  it('comes back as it was, with any names', () => {
    const display = { bands: [3, 2, 1], formula: null, palette: 'grey', stretch: USUAL } as const
    const state: RasterState = {
      layers: { 'S2 L2A:é%': { shown: false, opacity: 40, display }, LULC: { opacity: 0 } },
      date: 7,
      swipe: 0.25,
      left: { layer: 'a:b', item: 'chips/x y&z', date: 0, display },
    }
    expect(readRaster(new URLSearchParams(text(state).toString()))).toEqual(state)
  })
  it('is as it opens where the address makes no sense', () => {
    const search = new URLSearchParams('swipe=7&date=0&layer=%25%25:9:999:x&left=:::&layer=')
    const { layers, ...rest } = readRaster(search)
    expect(rest).toEqual({ date: null, swipe: null, left: RASTER_START.left })
    for (const look of Object.values(layers)) expect(look.display).toBeUndefined()
  })
})
