import { Button } from '@mantine/core'
import { IconFileZip, IconFolder, IconLink, IconServer } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { ApiError } from '@/api/errors'
import { bytes, count, plural } from '@/parts/format'
import type { Report } from '@/uploads/report'
import type { Source } from '@/uploads/sources'
import { useUpload } from '@/uploads/store'
import { UploadProgress } from '@/uploads/UploadProgress'
import { useSentUpload } from '../useSentUpload'
import { ChooseAgain } from './ChooseAgain'

interface SourceCardProps {
  source: Source
  filename: string
  report: Report | undefined
  /** Absent where the source cannot be changed any more. */
  change?: (() => void) | undefined
}

/** What is being added, and how its bytes come here. */
export function SourceCard({ source, filename, report, change }: SourceCardProps) {
  return (
    <section className="card" aria-label="Source">
      <div className="pad">
        <div className="row">
          <span className="m2 source-icon">
            <SourceIcon source={source} filename={filename} />
          </span>
          <div className="grow">
            <div className="b source-name">
              <Name text={filename} file />
            </div>
            <Size source={source} report={report} />
          </div>
          {change !== undefined && (
            <Button size="compact-sm" onClick={change}>
              Change
            </Button>
          )}
        </div>
        <Way source={source} />
      </div>
    </section>
  )
}

function Place({ place, children }: { place: string; children: string }) {
  return (
    <div className="s12 source-way">
      <Name text={place} file className="m2" />
      <p className="m3 source-hint">{children}</p>
    </div>
  )
}

function SourceIcon({ source, filename }: { source: Source; filename: string }) {
  const props = { size: 20, stroke: 1.7, 'aria-hidden': true } as const
  if (source.kind === 'url') return <IconLink {...props} />
  if (source.kind === 'root') return <IconServer {...props} />
  return /\.\w{2,5}$/.test(filename) ? <IconFileZip {...props} /> : <IconFolder {...props} />
}

function Size({ source, report }: { source: Source; report: Report | undefined }) {
  const id = source.kind === 'upload' ? source.id : null
  const own = useUpload(id)
  const sent = useSentUpload(id)
  const total = own?.chosen.blob.size ?? sent.data?.bytes ?? report?.source.bytes
  const { imported, ignored, rejected } = report?.bins ?? { imported: 0, ignored: 0, rejected: 0 }
  const members = imported + ignored + rejected
  const words = [
    total === undefined ? null : bytes(total),
    members > 0 ? plural(members, 'member', 'members') : fileCount(own?.chosen.files),
  ]
  return <div className="s12 m3 source-size">{words.filter((word) => word !== null).join(', ')}</div>
}

function fileCount(files: number | undefined): string | null {
  return files === undefined || files < 2 ? null : `${count(files)} files`
}

/** How the bytes come: an upload of this page, one that a reload has cut off, or none at all. */
function Way({ source }: { source: Source }): ReactNode {
  const id = source.kind === 'upload' ? source.id : null
  const own = useUpload(id)
  const sent = useSentUpload(id)
  if (source.kind === 'url') {
    return <Place place={source.url}>Read where it lies; it is downloaded once you press Create.</Place>
  }
  if (source.kind === 'root') {
    return <Place place={`${source.root}/${source.path}`}>On the server already; nothing is uploaded.</Place>
  }
  if (own !== undefined) {
    return (
      <div className="source-way">
        <UploadProgress upload={own} />
        <ProblemNote error={own.problem === null ? null : new ApiError(0, own.problem)} />
        {own.phase !== 'finished' && own.problem === null && (
          <p className="s12 m3 source-hint">
            {own.chosen.kind === 'folder'
              ? 'The check reads the list of the folder and does not wait for the upload.'
              : 'The check reads the contents list and does not wait for the upload.'}
          </p>
        )}
      </div>
    )
  }
  if (sent.data == null) return <div className="source-way source-reserved" />
  return <ChooseAgain upload={sent.data} />
}
