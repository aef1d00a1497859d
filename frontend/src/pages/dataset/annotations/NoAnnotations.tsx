import { Button } from '@mantine/core'
import { IconTagsOff } from '@tabler/icons-react'
import { count } from '@/parts/format'
import { Centred } from '@/parts/Messages'
import { useDataset } from '../useDataset'

/** Pictures without labels: what that means, and how labels come to them. */
export function NoAnnotations({ mayAdd, add }: { mayAdd: boolean; add: () => void }) {
  const { show, isOld } = useDataset()
  return (
    <Centred
      icon={<IconTagsOff size={20} stroke={1.7} aria-hidden />}
      title="No annotations yet"
      actions={
        mayAdd && (
          <Button variant="filled" onClick={add}>
            Import an annotation set
          </Button>
        )
      }
    >
      A model cannot be trained on this dataset: its {count(show.counts.items)} pictures have no labels.
      {mayAdd
        ? ' Bring a label file, a .csv or a zip with some, that names the pictures by their file names.'
        : isOld
          ? ' Annotations can be added to the newest version.'
          : ' Somebody who may change it can bring a label file.'}
    </Centred>
  )
}
