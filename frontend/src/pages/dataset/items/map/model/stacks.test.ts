import { describe, expect, it } from 'vitest'
import type { Footprint } from '../types'
import { otherParts, shares, stacksOf } from './stacks'

function footprint(key: string, bbox: Footprint['bbox'], change: Partial<Footprint['properties']> = {}) {
  const properties = {
    ...{ key, part: 'train', class: null, color: null, scene: null, sha256: '', thumbnail: '', time: null },
    ...change,
  }
  return {
    id: 1,
    type: 'Feature',
    bbox,
    geometry: { type: 'Polygon', coordinates: [] },
    properties,
  } as Footprint
}

describe('chips on the same ground', () => {
  it('are one stack in order of time, and neighbours are not', () => {
    const stacks = stacksOf([
      footprint('b', [10, 45, 10.1, 45.1], { time: 200 }),
      footprint('a', [10, 45, 10.1000001, 45.1], { time: 100 }),
      footprint('beside', [10.1, 45, 10.2, 45.1], { time: 50 }),
      footprint('larger', [10, 45, 10.2, 45.2]),
    ])
    expect(stacks.map(({ chips }) => chips.map(({ key }) => key))).toEqual([
      ['a', 'b'],
      ['beside'],
      ['larger'],
    ])
  })
  it('are one stack where they are points, and across the antimeridian', () => {
    expect(stacksOf([footprint('a', [1, 1, 1, 1]), footprint('b', [1, 1, 1, 1])])).toHaveLength(1)
    expect(
      stacksOf([footprint('a', [179.9, 0, -179.9, 0.2]), footprint('b', [179.9, 0, -179.9, 0.2])]),
    ).toHaveLength(1)
  })
  it('tell the parts that share their ground', () => {
    const chips = [
      footprint('a', [0, 0, 1, 1]).properties,
      footprint('b', [0, 0, 1, 1], { part: 'test' }).properties,
      footprint('c', [0, 0, 1, 1], { part: null }).properties,
    ]
    expect(otherParts(chips, 'train')).toEqual(['test'])
    expect(otherParts(chips, null)).toEqual([])
    expect(otherParts(chips.slice(0, 1), 'train')).toEqual([])
  })
  it('have their colours by how many have them', () => {
    const chips = ['train', 'test', 'test'].map(
      (part, index) => footprint(String(index), [0, 0, 1, 1], { part }).properties,
    )
    expect(shares(chips, ({ part }) => part ?? '')).toEqual([
      ['test', 2],
      ['train', 1],
    ])
  })
})
