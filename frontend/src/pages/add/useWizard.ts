import { useCallback } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { changeDraft, type Draft, useDraft } from '@/uploads/drafts'
import { nameOf, parametersOf, type Source, sourceIn, sourceKey } from '@/uploads/sources'
import { useUpload } from '@/uploads/store'
import { type Submission, useSubmission } from '@/uploads/submissions'
import type { AddState } from '@/uploads/useBeginning'
import { type Geo, useGeo } from './geospatial/useGeo'
import { neededSteps, type Step, stepIn } from './steps'
import { type Check, useCheck } from './useCheck'
import { useSentUpload } from './useSentUpload'

const NOWHERE: Source = { kind: 'url', url: '' }

/** What every step of the wizard knows and may do. */
export interface Wizard {
  source: Source | null
  step: Step
  steps: Step[]
  draft: Draft
  change: (change: Partial<Draft>) => void
  check: Check
  /** How chips are read; null where the source is no geospatial one. */
  geo: Geo | null
  submission: Submission | undefined
  /** What the source is called, and what its dataset is unless its person says otherwise. */
  filename: string
  defaultName: string
  /** The upload of this page that has just begun and has no id yet. */
  begun: number | null
  go: (step: Step) => void
  take: (source: Source) => void
  leave: () => void
}

/** The wizard's state: source and step stand in the address, decisions in the draft. */
export function useWizard(): Wizard {
  const navigate = useNavigate()
  const [parameters, setParameters] = useSearchParams()
  const { state } = useLocation() as { state: AddState | null }
  const source = sourceIn(parameters)
  const draft = useDraft(source ?? NOWHERE)
  const check = useCheck(source, draft)
  const filename = useFilename(source, check.report?.source.filename)
  const key = source === null ? '' : sourceKey(source)
  const change = useCallback(
    (values: Partial<Draft>) => {
      if (source !== null) changeDraft(source, values)
    },
    // The source is made anew from the address each time; its key says whether it is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [key],
  )
  const geo = useGeo(check.report, draft, change)
  const take = (taken: Source) => void navigate({ search: search(taken, 'check') })
  return {
    source,
    step: stepIn(parameters, source !== null),
    steps: neededSteps(check.report, geo?.form.purpose ?? null),
    draft,
    change,
    check,
    geo,
    submission: useSubmission(source),
    filename,
    defaultName: nameOf(filename),
    begun: state?.begun ?? null,
    go: (step) => {
      if (step === 'source') void navigate('/add')
      else
        setParameters((before) => {
          before.set('step', step)
          return before
        })
    },
    take,
    leave: () => void navigate('/datasets'),
  }
}

function search(source: Source, step: Step): string {
  return `?${new URLSearchParams({ ...parametersOf(source), step }).toString()}`
}

function useFilename(source: Source | null, reported: string | undefined): string {
  const id = source?.kind === 'upload' ? source.id : null
  const own = useUpload(id)
  const sent = useSentUpload(id)
  if (own !== undefined) return own.chosen.name
  if (reported !== undefined) return reported
  if (sent.data != null) return sent.data.filename
  if (source?.kind === 'url') return lastPart(source.url.replace(/[?#].*$/, ''))
  return source?.kind === 'root' ? lastPart(source.path) || source.root : ''
}

function lastPart(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? ''
}
