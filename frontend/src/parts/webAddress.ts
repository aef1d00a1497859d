/** A link's address when it leads to the web, by http or https; null for everything else, relative ones too. */
export function webAddress(url: string): string | null {
  try {
    const { protocol } = new URL(url)
    return protocol === 'http:' || protocol === 'https:' ? url : null
  } catch {
    return null
  }
}
