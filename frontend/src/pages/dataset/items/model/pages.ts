/** The list is loaded in pages of `step` items, each reached by the cursor of its milestone. */

/** Small pages for small lists; for long ones the list of milestones itself stays short. */
export function stepFor(total: number): number {
  if (total <= 100_000) return 50
  return total <= 1_000_000 ? 100 : total <= 2_500_000 ? 250 : 500
}

export function pageOf(index: number, step: number): number {
  return Math.floor(index / step)
}

/** The pages that hold the items from `first` to `last`, the last one included. */
export function pagesOf(first: number, last: number, step: number): number[] {
  const [from, to] = [pageOf(Math.max(0, first), step), pageOf(Math.max(0, last), step)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset)
}
