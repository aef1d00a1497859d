import { describe, expect, it } from 'vitest'
import { copies, unwound } from './rings'

const SQUARE = [
  [10, 10],
  [20, 10],
  [20, 20],
  [10, 10],
]

describe('rings', () => {
  it('that stay on one side are as they were', () => {
    expect(unwound(SQUARE)).toEqual(SQUARE)
    expect(copies([SQUARE])).toEqual([[SQUARE]])
  })
  it('across the antimeridian go on, and are drawn at both ends of the map', () => {
    const ring = [
      [179, 0],
      [-179, 0],
      [-179, 5],
      [179, 5],
      [179, 0],
    ]
    const [first, second, ...more] = copies([ring])
    expect(first?.[0]?.map(([longitude]) => longitude)).toEqual([179, 181, 181, 179, 179])
    expect(second?.[0]?.map(([longitude]) => longitude)).toEqual([-181, -179, -179, -181, -181])
    expect(more).toEqual([])
  })
  it('around a pole are closed there', () => {
    const ring = [
      [-180, -70],
      [-60, -70],
      [60, -70],
      [179, -70],
      [-180, -70],
    ]
    expect(unwound(ring).slice(-4)).toEqual([
      [180, -70],
      [180, -90],
      [-180, -90],
      [-180, -70],
    ])
  })
})
