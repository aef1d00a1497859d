import { Button } from '@mantine/core'
import { blankForm } from '@/parts/recipe/form'
import type { Wizard } from '../useWizard'

/** Chips behind an address that cannot be looked into, or not soon: their bands are typed by hand. */
export function GoUnchecked({ wizard: { source, change, go } }: { wizard: Wizard }) {
  if (source?.kind !== 'url') return null
  return (
    <Button
      onClick={() => {
        change({ unchecked: true, format: 'geotiff_pairs', options: {}, form: blankForm() })
        go('configure')
      }}
    >
      Go on without the check
    </Button>
  )
}
