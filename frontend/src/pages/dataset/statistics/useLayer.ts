import { useParameter } from '../useParameter'

/** Which of the layers is shown, as the address has it: the first unless it names another. */
export function useLayer(names: readonly string[]): [name: string, choose: (name: string) => void] {
  const [asked, choose] = useParameter('layer')
  return [names.find((name) => name === asked) ?? names[0] ?? '', choose]
}
