import { allHidden, classToken, type Hidden, setToken } from './overlays'

interface RasterSet {
  name: string
  classes: readonly { id: number; ignore: boolean }[]
}

/** Ids of the classes of a set that are drawn over pictures. */
export function drawnClasses({ name, classes }: RasterSet, hidden: Hidden): number[] {
  if (allHidden(hidden) || hidden.has(setToken(name))) return []
  return classes.flatMap(({ id, ignore }) => (ignore || hidden.has(classToken(name, id)) ? [] : [id]))
}
