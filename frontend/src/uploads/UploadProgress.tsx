import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconWifiOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { bytes, secondsLeft } from '@/parts/format'
import { bytesOf } from './amounts'
import { continueUpload, pauseUpload, type UploadState } from './store'
import { useSecondsUntil } from './useSecondsUntil'
import './uploads.css'

const COLORS: Record<UploadState['phase'], string> = {
  uploading: 'var(--accent)',
  paused: 'var(--control)',
  offline: 'var(--gold)',
  finished: 'var(--good)',
  failed: 'var(--bad)',
}

/** How an upload goes: stage, bytes, rate, time left, and what can be done with it; of fixed height. `bare`: no buttons. */
export function UploadProgress({ upload, bare = false }: { upload: UploadState; bare?: boolean }) {
  const total = upload.chosen.blob.size
  const percent = total === 0 ? 100 : Math.min(100, (100 * upload.sent) / total)
  return (
    <div className="upload-progress">
      <div className="row s12">
        <span className="mid" role="status">
          {upload.phase === 'finished' ? 'Uploaded' : 'Uploading'}
          {upload.phase === 'failed' && <span className="visually-hidden"> stopped</span>}
        </span>
        <Words upload={upload} bare={bare} />
      </div>
      <div
        className="prog"
        role="progressbar"
        aria-label={`Upload of ${upload.chosen.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
      >
        <i style={{ width: `${percent}%`, background: COLORS[upload.phase] }} />
      </div>
    </div>
  )
}

function Words({ upload, bare }: { upload: UploadState; bare: boolean }): ReactNode {
  const { key, phase, sent, rate, retryAt } = upload
  const total = upload.chosen.blob.size
  if (phase === 'finished') return <span className="m3 num-tab">{bytes(total)}</span>
  if (phase === 'paused') {
    return (
      <>
        <span className="m3 el">paused by you, {bytesOf(sent, total)}</span>
        {!bare && <Link run={() => continueUpload(key)}>Continue</Link>}
      </>
    )
  }
  if (phase === 'offline') {
    return (
      <>
        <Offline retryAt={retryAt} />
        {!bare && <Link run={() => continueUpload(key)}>Try now</Link>}
      </>
    )
  }
  if (phase === 'failed') {
    return (
      <>
        <span className="bad el">stopped at {bytesOf(sent, total)}</span>
        {!bare && <Link run={() => continueUpload(key)}>Try again</Link>}
      </>
    )
  }
  const pace = [
    rate === null ? null : `${bytes(rate)}/s`,
    upload.secondsLeft === null ? null : secondsLeft(upload.secondsLeft),
  ].filter((each) => each !== null)
  return (
    <>
      <span className="m3 nowrap num-tab">{bytesOf(sent, total)}</span>
      <span className="right m3 nowrap num-tab">{pace.join(', ')}</span>
      {!bare && (
        <Tooltip label="Pause">
          <ActionIcon
            className="upload-pause"
            size={24}
            aria-label="Pause the upload"
            onClick={() => pauseUpload(key)}
          >
            <IconPlayerPause size={14} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  )
}

function Offline({ retryAt }: { retryAt: number | null }) {
  const seconds = useSecondsUntil(retryAt)
  return (
    <span className="warn row upload-offline el">
      <IconWifiOff size={14} stroke={1.7} aria-hidden />
      <span className="el">No connection, trying again in {seconds} s</span>
    </span>
  )
}

function Link({ run, children }: { run: () => void; children: string }) {
  return (
    <button type="button" className="plain acc nowrap right upload-link" onClick={run}>
      {children}
    </button>
  )
}
