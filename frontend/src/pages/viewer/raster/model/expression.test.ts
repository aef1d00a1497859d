import { describe, expect, it } from 'vitest'
import { BadExpression, evaluate, nameInExpression, parse } from './expression'

const BANDS = ['B02', 'B03', 'B04', 'B08', 'band-8A', 'min']
const VALUES = new Map([
  ['B04', Float64Array.of(1, 2, NaN, 0)],
  ['B08', Float64Array.of(3, 2, 5, 0)],
  ['band-8A', Float64Array.of(-4, 9, 1, 1)],
  ['min', Float64Array.of(7, 7, 7, 7)],
])

const of = (text: string) => [...evaluate(parse(text, BANDS), VALUES, 4)]

describe('expressions', () => {
  it('reckon an index, without a value where a band has none or zero is divided by zero', () => {
    expect(of('(B08 - B04) / (B08 + B04)')).toEqual([0.5, 0, NaN, NaN])
  })
  it('multiply before they add, and go from left to right', () => {
    expect(of('B08 - B04 - 1 * 2')).toEqual([0, -2, NaN, -2])
    expect(of('12 / 3 / 2')).toEqual([2, 2, 2, 2])
    expect(of('-B08 * -2')).toEqual([6, 4, 10, 0])
  })
  it('know functions, quoted names and bands by their number', () => {
    expect(of("sqrt('band-8A')")).toEqual([NaN, 3, 1, 1])
    expect(of('max(B08, 4)')).toEqual([4, 4, 5, 4])
    expect(of('abs(b5)')).toEqual([4, 9, 1, 1])
    expect(of('where(B08 > 2.5, 1, B08)')).toEqual([1, 2, 1, 0])
    expect(of('1e-1 * B08')[0]).toBeCloseTo(0.3)
    expect(of("'min'")).toEqual([7, 7, 7, 7])
  })
  it('have no value where a comparison rests on none', () => {
    expect(of('where(B04 < 9, 1, 2)')).toEqual([1, 1, NaN, 1])
  })
  it('name what they need, each once', () => {
    expect(parse('B08 + B04 + b4', BANDS).names).toEqual(['B08', 'B04'])
  })
  it.each([
    ['', /nothing/],
    ['B08 +', /too early/],
    ['B08 B04', /“B04” is not expected/],
    ['B08 ** 2', /“\*” is not expected/],
    ['(B08', /“\)” missing/],
    ['B99', /no band “B99”/],
    ['constructor(B08)', /no function “constructor”/],
    ['where(B08, 1, 2)', /comparison/],
    ['B08 > 2', /“>” is not expected/],
    ['min(B08)', /“,” missing/],
    ['B08 ^ 2', /character 4/],
    ['B08; alert(1)', /character 4/],
    ['B08'.padEnd(600, '+B08'), /500/],
    [`${'('.repeat(60)}B08${')'.repeat(60)}`, /40 deep/],
  ])('refuse “%s”', (text, message) => {
    expect(() => parse(text, BANDS)).toThrow(BadExpression)
    expect(() => parse(text, BANDS)).toThrow(message)
  })
  it('write names that are no words in quotes', () => {
    expect(['B08', 'band-8A', 'min', '8'].map(nameInExpression)).toEqual(['B08', "'band-8A'", "'min'", "'8'"])
  })
})
