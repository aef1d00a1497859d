import type { Facts } from '@/parts/recipe/facts'
import type { Form } from '@/parts/recipe/form'
import { number } from '@/parts/recipe/recipe'

/** Values that masks have and no category stands for. */
export function missingValues({ categories }: Pick<Form, 'categories'>, facts: Facts | null): number[] {
  const known = new Set(categories.map(({ id }) => number(id)))
  const values = facts?.labels?.values.map(({ value }) => value) ?? []
  return values.filter((value) => Number.isInteger(value) && !known.has(value))
}
