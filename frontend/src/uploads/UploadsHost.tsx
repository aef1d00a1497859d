import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { Name } from '@/parts/Name'
import { useDraft } from './drafts'
import { type UploadState, useUploads } from './store'
import { resumeSubmitted } from './submissions'
import { UploadProgress } from './UploadProgress'
import { useOutcomes } from './useOutcomes'
import './uploads.css'

/** Of every page: what is uploading, and what became of it. */
export function UploadsHost() {
  useOutcomes()
  useEffect(() => {
    void resumeSubmitted().catch(() => undefined)
  }, [])
  const { pathname } = useLocation()
  const running = useUploads().filter((each) => each.phase !== 'finished')
  const [first] = running
  if (first === undefined) return null
  return (
    <>
      {running.map((each) => (
        <KeptPage key={each.key} upload={each} />
      ))}
      {pathname !== '/add' && <Pill upload={first} others={running.length - 1} />}
    </>
  )
}

function Pill({ upload, others }: { upload: UploadState; others: number }) {
  const search = upload.id === null ? '' : `?${new URLSearchParams({ upload: upload.id }).toString()}`
  return (
    <Link to={`/add${search}`} className="uploads-pill">
      <div className="row s12">
        <Name text={upload.chosen.name} className="mid" />
        {others > 0 && <span className="right m3 nowrap">and {others} more</span>}
      </div>
      <UploadProgress upload={upload} bare />
    </Link>
  )
}

/** Closing the page loses nothing; but what Create was pressed for would stand still, so the browser asks. */
function KeptPage({ upload }: { upload: UploadState }) {
  const { submitted } = useDraft({ kind: 'upload', id: upload.id ?? '' })
  useEffect(() => {
    if (!submitted) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [submitted])
  return null
}
