/** Combinations of keys as text: "Ctrl+K", "g d" (one after the other), "Shift+1", "ArrowLeft", "?". */

const SHIFTED = /^(Digit|Arrow|Key)/

/** The text of what was pressed; empty for a bare modifier. */
export function comboOf(event: KeyboardEvent): string {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key)) return ''
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  let name = event.key === ' ' ? 'Space' : event.key
  const isDigit = event.code.startsWith('Digit')
  if (event.shiftKey && (isDigit || SHIFTED.test(event.code) || name.length > 1)) {
    parts.push('Shift')
    if (isDigit) name = event.code.slice('Digit'.length)
  }
  if (name.length === 1 && parts.length > 0) name = name.toUpperCase()
  parts.push(name)
  return parts.join('+')
}

const SYMBOLS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
}

/** The caps to draw for a combination. */
export function capsOf(combo: string): string[] {
  return combo
    .split(/[ +](?!$)/)
    .map((part) => SYMBOLS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}
