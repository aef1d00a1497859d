import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { hasEnded } from '@/frame/live'
import { plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { type Job, useJobLog } from './useJobs'

const TONES: Record<string, string> = { warning: 'warn', error: 'bad' }

export function JobLog({ job }: { job: Job }) {
  const log = useJobLog(job.id, !hasEnded(job))
  return (
    <section className="card">
      <header>
        <h2>Log</h2>
        <span className="m3 s12">
          {log.isPending ? '' : plural(log.lines.length, 'line') + (log.hasNextPage ? ' so far' : '')}
        </span>
        <span className="grow" />
        <CopyButton
          value={log.lines.map((line) => `${clock(line.at)} ${line.level} ${line.text}`).join('\n')}
        >
          {({ copied, copy }) => (
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <span className="m3 s11 mono">{job.id}</span>
      </header>
      {log.isError && <ProblemNote error={log.error} />}
      {/* Scrolled by keyboard, so it takes the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="job-log" role="region" aria-label="Log" tabIndex={0}>
        {log.lines.map((line) => (
          <div key={line.id} className="job-log-line">
            <span className="m3">{clock(line.at)}</span>
            <bdi className={TONES[line.level]}>{line.text}</bdi>
          </div>
        ))}
        {log.lines.length === 0 && !log.isPending && <p className="m3">Nothing was written yet.</p>}
      </div>
      {log.hasNextPage && (
        <div className="jobs-more">
          <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            More lines
          </Button>
        </div>
      )}
    </section>
  )
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

function clock(at: number): string {
  return CLOCK.format(new Date(at * 1000))
}
