/** Whether somebody typed a name: blanks around it and the ways to write an accent do not count. */
export function isSameName(typed: string, name: string): boolean {
  const plain = (text: string) => text.normalize('NFC').trim()
  return typed !== '' && plain(typed) === plain(name)
}
