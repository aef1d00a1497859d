import { Button } from '@mantine/core'
import { IconFolder, IconUpload } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Templates } from '@/parts/Templates'
import { DropTarget } from '@/uploads/DropTarget'
import { useUploads } from '@/uploads/store'
import { useBeginning } from '@/uploads/useBeginning'
import type { Wizard } from '../useWizard'
import { AddressCard } from './AddressCard'
import { ServerCard } from './ServerCard'
import { UploadList } from './UploadList'

/** Three ways in, what is under way already, and examples of each layout. The whole page takes what is dropped. */
export function SourceStep({ wizard }: { wizard: Wizard }) {
  const { choose } = useBeginning()
  useStepOn(wizard)
  return (
    <div className="source-step">
      <UploadList take={wizard.take} />
      <div className="three">
        <section className="card way" aria-label="From this computer">
          <IconUpload size={20} stroke={1.7} className="acc" aria-hidden />
          <h2>From this computer</h2>
          <p className="m2">
            A zip, a folder as it is, or files: JPG, PNG or DICOM (.dcm, or without an ending). Drop it
            anywhere on this page. An upload goes on after a reload.
          </p>
          <div className="row way-foot">
            <Button variant="filled" onClick={() => choose('files')}>
              Choose files
            </Button>
            <Button
              leftSection={<IconFolder size={14} stroke={1.7} aria-hidden />}
              onClick={() => choose('folder')}
            >
              Choose a folder
            </Button>
          </div>
        </section>
        <AddressCard take={wizard.take} />
        <ServerCard take={wizard.take} />
      </div>
      <Templates level={2} />
      <DropTarget />
    </div>
  )
}

/** On to the check as soon as the upload that has just begun has its id. */
function useStepOn({ begun, take }: Wizard): void {
  const id = useUploads().find((each) => each.key === begun)?.id ?? null
  useEffect(() => {
    if (id !== null) take({ kind: 'upload', id })
    // Once for each upload: who comes back to this step stays here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id])
}
