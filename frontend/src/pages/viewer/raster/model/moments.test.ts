import { describe, expect, it } from 'vitest'
import { dayText, momentsOf } from './moments'

type Told = Parameters<typeof momentsOf>[0]

function stack(dates: string[]): Told {
  const layers = [{ dates }] as unknown as Told['layers']
  return { key: 'tile', layers, same_ground: [], place: null }
}

describe('moments', () => {
  it('of a stack are its dates', () => {
    expect(momentsOf(stack(['2016-07-30', '2016-08-29']))).toEqual([
      { key: 'tile', date: 0, time: '2016-07-30' },
      { key: 'tile', date: 1, time: '2016-08-29' },
    ])
  })
  it('of years alone are told as years', () => {
    const times = (dates: string[]) => momentsOf(stack(dates)).map(({ time }) => dayText(time))
    expect(times(['1985-01-01', '1990-01-01'])).toEqual(['1985', '1990'])
    expect(times(['1985-01-01T00:00:00Z', '1990-01-01T00:00:00Z'])).toEqual(['1985', '1990'])
    expect(times(['1985-01-01', '1990-01-02'])).toEqual(['1 Jan 1985', '2 Jan 1990'])
  })
  it('of other items on the ground are in order of time, the own one among them', () => {
    const same = [{ key: 'b', time: 200, part: null }] as Told['same_ground']
    const item = { ...stack([]), same_ground: same, place: { time: 100 } }
    expect(momentsOf(item).map(({ key }) => key)).toEqual(['tile', 'b'])
  })
})
