import { expect, test } from 'vitest'
import { classFilter, isCut } from './covering'

function distribution(names: string[]) {
  const classes = names.map((name, id) => ({
    id,
    name,
    color: '#000000',
    labels: name === 'never' ? 0 : 1,
    items: name === 'never' ? 0 : 1,
    train: 1,
    validation: 0,
    test: 0,
  }))
  return { set: 'cells', task: 'detection' as const, items: 9, classes }
}

test('without a choice the pictures of every class that occurs are asked for', () => {
  expect(classFilter(distribution(['RBC', 'never', 'a:b']), [])).toEqual(['cells:RBC', 'cells:a:b'])
})

test('a choice is asked for as it is', () => {
  expect(classFilter(distribution(['RBC', 'WBC']), ['WBC'])).toEqual(['cells:WBC'])
})

test('no more classes are asked for than the server takes, and that is said', () => {
  const many = distribution(Array.from({ length: 130 }, (_, n) => `c${n}`))
  expect(classFilter(many, [])).toHaveLength(100)
  expect(isCut(many, [])).toBe(true)
  expect(isCut(many, ['c1'])).toBe(false)
})
