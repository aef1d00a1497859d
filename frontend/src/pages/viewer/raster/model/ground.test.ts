import { describe, expect, it } from 'vitest'
import { coordinatesText, lonLatText, northOf, resolutionText, systemName, toGround } from './ground'

const UTM = [10, 0, 464_000, 0, -10, 5_082_000]

describe('the ground', () => {
  it('is reached from the corner of the first pixel', () => {
    expect(toGround(UTM, [0, 0])).toEqual([464_000, 5_082_000])
    expect(toGround(UTM, [40.5, 20.5])).toEqual([464_405, 5_081_795])
    expect(toGround([0, 2, 5, 3, 0, 7], [1, 10])).toEqual([25, 10])
  })
  it('has its north where the grid points to', () => {
    expect(northOf(UTM)).toBe(0)
    expect(Math.abs(northOf([10, 0, 0, 0, 10, 0]))).toBe(180)
    expect(northOf([0, 10, 0, 10, 0, 0])).toBe(90)
    expect(northOf([0, 0, 0, 0, 0, 0])).toBe(0)
  })
  it('has names and coordinates for people', () => {
    expect(['EPSG:32633', 'EPSG:32755', 'EPSG:3857', ''].map(systemName)).toEqual([
      'UTM 33N',
      'UTM 55S',
      'EPSG:3857',
      'No system',
    ])
    expect(coordinatesText([464_405, -5_081_795], 'EPSG:32633')).toBe('464,405 E, −5,081,795 N')
    expect(lonLatText([-74.5, -8.25])).toBe('8.25000° S, 74.50000° W')
    expect(resolutionText([10, 10])).toBe('10 m')
    expect(resolutionText([9.84, 9.944])).toBe('9.84 × 9.94 m')
  })
})
