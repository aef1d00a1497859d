import { describe, expect, it } from 'vitest'
import { colorOf, type Paint, tint } from './paint'

const PAINT: Paint = {
  ...{ by: 'part', parts: { train: '#010101', test: '#020202' }, none: '#999999', accent: '#3a46c4' },
  ...{ surface: '#fff', ink: '#000', land: '#fff', border: '#ccc', grid: '#ddd', text: '#666' },
}

describe('colours', () => {
  it('get an opacity, short ones as a stylesheet has them, too', () => {
    expect(tint('#3a46c4', 0.5)).toBe('rgba(58,70,196,0.5)')
    expect(tint('#fff', 1)).toBe('rgba(255,255,255,1)')
  })
  it('are of the part, or of the class where it has one that can be drawn', () => {
    const chip = { part: 'test', color: '#0072B2' }
    expect(colorOf(PAINT, chip)).toBe('#020202')
    expect(colorOf({ ...PAINT, by: 'class' }, chip)).toBe('#0072B2')
    for (const color of [null, 'red', '#12'])
      expect(colorOf({ ...PAINT, by: 'class' }, { ...chip, color })).toBe('#999999')
    expect(colorOf(PAINT, { part: null, color: null })).toBe('#999999')
  })
})
