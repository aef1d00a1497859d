export const PARTS = [
  ['train', 'Train'],
  ['validation', 'Validation'],
  ['test', 'Test'],
] as const

export function partWord(part: string | null): string {
  return PARTS.find(([each]) => each === part)?.[1] ?? 'Outside the split'
}
