import { describe, expect, it } from 'vitest'
import { askedFor, cameraIn, cameraText, degreesText, gridText, unwrapped, visible } from './bounds'

const numbers = (text: string) => text.split(',').map(Number)

describe('rectangles', () => {
  it('are asked for rounded outwards, so that a small move asks for the same', () => {
    const first = askedFor([10.01, 45.01, 10.9, 45.53])
    expect(first).toBe(askedFor([10.02, 45.02, 10.91, 45.54]))
    const [west = 0, south = 0, east = 0, north = 0] = numbers(first)
    expect(west).toBeLessThanOrEqual(10.01)
    expect(south).toBeLessThanOrEqual(45.01)
    expect(east).toBeGreaterThanOrEqual(10.9)
    expect(north).toBeGreaterThanOrEqual(45.53)
    expect(east - west).toBeLessThan(1.5)
  })
  it('are of the whole world where the map repeats it', () => {
    expect(askedFor([-300, -100, 300, 100])).toBe('-180,-90,180,90')
  })
  it('lie within one turn, however often the map was dragged around', () => {
    const [west = 0, , east = 0] = numbers(askedFor([530, 0, 540, 10]))
    expect(west).toBeCloseTo(170, 0)
    expect(east).toBeCloseTo(180, 0)
    expect(numbers(askedFor([175, 0, 185, 10]))[2]).toBeGreaterThan(180)
  })
  it('across the antimeridian go on beyond 180 degrees', () => {
    expect(unwrapped([179, -1, -179, 1])).toEqual([179, -1, 181, 1])
  })
  it('of a point can be seen, and end where the map does', () => {
    const [west, south, east, north] = visible([5, 88, 5, 90])
    expect(east - west).toBeCloseTo(0.002)
    expect(south).toBeLessThanOrEqual(85.06)
    expect(north).toBe(85.05)
  })
})

describe('places', () => {
  it('are told in degrees and minutes', () => {
    expect(degreesText(-74.5667, -8.4333)).toBe('8°26′ S, 74°34′ W')
    expect(degreesText(181, 0.9999)).toBe('1°00′ N, 179°00′ W')
  })
  it('at lines of the grid are as exact as these are', () => {
    const longitudes = [0, -20, 38.8083333, -74.5, 180, 190].map((each) => gridText(each, 'E', 'W'))
    expect(longitudes).toEqual(['0°', '20° W', '38°48′30″ E', '74°30′ W', '180°', '170° W'])
  })
  it('come back from the address, and nonsense does not', () => {
    const camera = { longitude: -74.51234, latitude: 8.4, zoom: 9.25 }
    expect(cameraIn(cameraText(camera))).toEqual(camera)
    for (const text of [null, '', '1,2', '1,2,3,4', '1,91,3', '1,2,x', ',,'])
      expect(cameraIn(text)).toBeNull()
  })
})
