import { useCallback } from 'react'
import { useAddress } from './items/useAddress'

/** One parameter of the address; null takes it out. */
export function useParameter(name: string): [value: string | null, set: (value: string | null) => void] {
  const { address, change } = useAddress()
  const set = useCallback(
    (value: string | null) =>
      change((before) => {
        const next = new URLSearchParams(before)
        if (value === null) next.delete(name)
        else next.set(name, value)
        return next
      }),
    [change, name],
  )
  return [address.get(name), set]
}

/** One of several words in the address; the first of them is what holds without it. */
export function useChoice<Word extends string>(
  name: string,
  words: readonly [Word, ...Word[]],
): [Word, (word: Word) => void] {
  const [value, set] = useParameter(name)
  const [first] = words
  const choose = useCallback((word: Word) => set(word === first ? null : word), [set, first])
  return [words.find((word) => word === value) ?? first, choose]
}
