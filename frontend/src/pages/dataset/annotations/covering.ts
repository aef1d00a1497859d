import type { Distribution } from '@/parts/charts/distribution'

/** Values of one field that the server takes at once. */
const MOST_VALUES = 100

/** The class filter that shows the pictures of a set: those of the chosen classes, or of all. */
export function classFilter({ set, classes }: Distribution, chosen: readonly string[]): string[] {
  const names = chosen.length > 0 ? chosen : classes.filter((each) => each.items > 0).map((each) => each.name)
  return names.slice(0, MOST_VALUES).map((name) => `${set}:${name}`)
}

/** Whether the filter leaves out classes that are asked for. */
export function isCut({ classes }: Distribution, chosen: readonly string[]): boolean {
  return chosen.length === 0 && classes.filter((each) => each.items > 0).length > MOST_VALUES
}
