import { capsOf } from './combo'

/** A combination drawn as keys. */
export function Caps({ combo }: { combo: string }) {
  return (
    <span className="row caps">
      {capsOf(combo).map((cap, index) => (
        <kbd key={index}>{cap}</kbd>
      ))}
    </span>
  )
}
