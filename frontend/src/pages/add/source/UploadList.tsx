import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconFileZip, IconFolder, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { when } from '@/parts/format'
import { Name } from '@/parts/Name'
import { toastProblem } from '@/parts/toast'
import { bytesOf } from '@/uploads/amounts'
import { dropDraft } from '@/uploads/drafts'
import type { Source } from '@/uploads/sources'
import { discardUpload, type UploadState, useUploads } from '@/uploads/store'
import { UploadProgress } from '@/uploads/UploadProgress'
import { endUpload, isFolder, type Unfinished } from '@/uploads/unfinished'
import { useSentUploads } from '../useSentUpload'

const SHOWN = 3

type Take = (source: Source) => void

/** Uploads that nobody made a dataset of yet: of this page, and those that the server still has. */
export function UploadList({ take }: { take: Take }) {
  const own = useUploads()
  const sent = useSentUploads().data ?? []
  const known = new Set(own.map((each) => each.id))
  const others = sent.filter((each) => !known.has(each.id))
  const [whole, setWhole] = useState(false)
  if (own.length + others.length === 0) return null
  const shown = whole ? others : others.slice(0, SHOWN)
  return (
    <section className="card upload-list" aria-label="Uploads without a dataset">
      <header>
        <h2>Under way</h2>
        <span className="m3">uploaded, or part of it, and no dataset yet</span>
      </header>
      {own.map((each) => (
        <OwnLine key={each.key} upload={each} take={take} />
      ))}
      {shown.map((each) => (
        <SentLine key={each.id} upload={each} take={take} />
      ))}
      {shown.length < others.length && (
        <div className="row upload-line">
          <button type="button" className="plain acc s12 upload-link" onClick={() => setWhole(true)}>
            {others.length - shown.length} more
          </button>
        </div>
      )}
    </section>
  )
}

function OwnLine({ upload, take }: { upload: UploadState; take: Take }) {
  const { id, key, chosen, problem } = upload
  return (
    <div className="row upload-line">
      <Kind isFolder={chosen.kind === 'folder'} />
      <div className="upload-name">
        <Name text={chosen.name} file className="b" />
        {problem !== null && (
          <div className="bad s12" role="alert">
            {problem.message} {problem.hint}
          </div>
        )}
      </div>
      <div className="grow">
        <UploadProgress upload={upload} />
      </div>
      {id !== null && (
        <Button size="compact-sm" onClick={() => take({ kind: 'upload', id })}>
          Go on
        </Button>
      )}
      <Discard
        name={chosen.name}
        run={async () => {
          if (id !== null) dropDraft({ kind: 'upload', id })
          await discardUpload(key)
        }}
      />
    </div>
  )
}

function SentLine({ upload, take }: { upload: Unfinished; take: Take }) {
  const { id, filename, offset, bytes } = upload
  return (
    <div className="row upload-line">
      <Kind isFolder={isFolder(upload)} />
      <div className="upload-name">
        <Name text={filename} file className="b" />
      </div>
      <div className="grow s12 m3">
        {offset === bytes ? 'whole' : `${bytesOf(offset, bytes)} arrived`}, {when(upload.created_at)}
      </div>
      <Button size="compact-sm" onClick={() => take({ kind: 'upload', id })}>
        Go on
      </Button>
      <Discard
        name={filename}
        run={async () => {
          dropDraft({ kind: 'upload', id })
          await endUpload(id)
        }}
      />
    </div>
  )
}

function Kind({ isFolder: folder }: { isFolder: boolean }) {
  const props = { size: 16, stroke: 1.7, className: 'm3', 'aria-hidden': true } as const
  return folder ? <IconFolder {...props} /> : <IconFileZip {...props} />
}

function Discard({ name, run }: { name: string; run: () => Promise<void> }) {
  return (
    <Tooltip label="Discard the upload">
      <ActionIcon
        size={24}
        aria-label={`Discard the upload of ${name}`}
        onClick={() => void run().catch((error: unknown) => toastProblem(error))}
      >
        <IconTrash size={14} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
