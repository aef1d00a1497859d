/** 24 hexadecimal digits of what identifies a choice. Works without a secure context, which the browser's own does not. */
export function fingerprintOf(parts: readonly (string | number)[]): string {
  const text = JSON.stringify(parts)
  return [0x9e3779b9, 0x85ebca6b].map((seed) => hash53(text, seed)).join('')
}

/** cyrb53 (bryc, public domain): 53 bits that spread well; it tells choices apart and protects nothing. */
function hash53(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed
  let low = 0x41c6ce57 ^ seed
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  const value = 4294967296 * (2097151 & low) + (high >>> 0)
  return value.toString(16).padStart(14, '0').slice(-12)
}
