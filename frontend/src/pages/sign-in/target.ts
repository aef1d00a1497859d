/** Where to go after signing in: an address of this site, never another's. */
export function safeTarget(after: string | null): string {
  if (after === null || !after.startsWith('/') || /^\/[/\\]/.test(after)) return '/datasets'
  return after
}
