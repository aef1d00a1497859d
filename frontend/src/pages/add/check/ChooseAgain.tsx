import { Button } from '@mantine/core'
import { bytes } from '@/parts/format'
import { toast } from '@/parts/toast'
import { bytesOf } from '@/uploads/amounts'
import type { Chosen } from '@/uploads/chosen'
import { beginUpload } from '@/uploads/store'
import { isFolder, sameAs, type Unfinished } from '@/uploads/unfinished'
import { openChooser, useBeginning } from '@/uploads/useBeginning'

/** An upload whose bytes this page does not hold, as after a reload: the same choice goes on with it. */
export function ChooseAgain({ upload }: { upload: Unfinished }) {
  const { begin } = useBeginning()
  const isWhole = upload.offset === upload.bytes
  const percent = upload.bytes === 0 ? 100 : (100 * upload.offset) / upload.bytes
  const take = (chosen: Chosen | null) => {
    if (chosen === null) return
    if (sameAs(chosen, [upload]) !== undefined) {
      beginUpload(chosen)
      return
    }
    toast({
      kind: 'warn',
      title: `${chosen.name} is not what was begun`,
      text: 'Its name, size or time of change differs.',
      action: { label: 'Add it instead', run: () => begin(chosen) },
    })
  }
  return (
    <div className="source-way">
      <div className="upload-progress">
        <div className="row s12">
          <span className="mid">{isWhole ? 'Uploaded' : 'Upload stopped'}</span>
          <span className="m3 nowrap num-tab">
            {isWhole ? bytes(upload.bytes) : bytesOf(upload.offset, upload.bytes)}
          </span>
        </div>
        <div
          className="prog"
          role="progressbar"
          aria-label={`Upload of ${upload.filename}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(percent)}
        >
          <i style={{ width: `${percent}%`, background: isWhole ? 'var(--good)' : 'var(--control)' }} />
        </div>
      </div>
      {!isWhole && (
        <div className="row source-again">
          <span className="s12 m2 grow">
            What has arrived is kept. Choose <bdi>{upload.filename}</bdi> again to go on.
          </span>
          <Button
            size="compact-sm"
            onClick={() => void openChooser(isFolder(upload) ? 'folder' : 'files').then(take)}
          >
            Choose again
          </Button>
        </div>
      )}
    </div>
  )
}
