import { type ComponentType, lazy, useState } from 'react'

interface Module<Props> {
  default: ComponentType<Props>
}

/**
 * A component that comes when it is first needed, or with `load` before. One that is there is drawn at once; one that
 * React had to wait for is held back by it for 300 ms.
 */
export function later<Props extends object = object>(fetching: () => Promise<Module<Props>>) {
  let loaded: ComponentType<Props> | null = null
  const load = async () => {
    const module = await fetching()
    loaded = module.default
    return module
  }
  const Waited = lazy(load) as unknown as ComponentType<Props>
  function Later(props: Props) {
    // Chosen once: another component in its place would begin anew.
    const [Chosen] = useState<ComponentType<Props>>(() => loaded ?? Waited)
    return <Chosen {...props} />
  }
  return Object.assign(Later, { load })
}
