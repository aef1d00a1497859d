import { type ReactNode, Suspense, useState } from 'react'

/** Brings in what loads when it is first needed, and keeps it for its way out. */
export function WhenFirst({ needed, children }: { needed: boolean; children: ReactNode }) {
  const [was, setWas] = useState(false)
  if (needed && !was) setWas(true)
  return was || needed ? <Suspense fallback={null}>{children}</Suspense> : null
}
