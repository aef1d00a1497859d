import { describe, expect, it } from 'vitest'
import { classToken, flippedAll, setToken } from './overlays'
import { drawnClasses } from './rasters'

const LULC = {
  name: 'LULC',
  classes: [
    { id: -1, ignore: true },
    { id: 0, ignore: false },
    { id: 3, ignore: false },
  ],
}

describe('classes of label rasters', () => {
  it('are drawn but for those that training leaves out', () => {
    expect(drawnClasses(LULC, new Set())).toEqual([0, 3])
  })
  it('go one by one, with their set, and with all labels', () => {
    expect(drawnClasses(LULC, new Set([classToken('LULC', 3), classToken('other', 0)]))).toEqual([0])
    expect(drawnClasses(LULC, new Set([setToken('LULC')]))).toEqual([])
    expect(drawnClasses(LULC, flippedAll(new Set()))).toEqual([])
  })
})
