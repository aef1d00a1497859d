import { Skeleton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId } from 'react'
import { ChartOrTable } from '@/parts/charts/ChartOrTable'
import { ClassDistribution } from '@/parts/charts/ClassDistribution'
import { type Distribution, nounOf } from '@/parts/charts/distribution'
import { count, plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { itemsText, taskWord } from '@/parts/words'
import { itemsAddress } from '../addresses'
import { countedIn } from '../counted'
import { DistributionDownload } from '../DistributionDownload'
import type { Show } from '../types'
import { useDataset } from '../useDataset'
import { useDistribution } from '../useDistribution'
import { useChoice } from '../useParameter'
import { LabelThumbnails } from './LabelThumbnails'
import { SetMenu } from './SetMenu'

export type AnnotationSet = Show['annotation_sets'][number]

interface SetCardProps {
  set: AnnotationSet
  opened: boolean
  setOpened: (opened: boolean) => void
  /** After the set has another name. */
  renamed: (name: string) => void
}

const ORIGINS: Record<string, string> = { import: 'from', upload: 'from' }

/** One annotation set: its task, what it covers and where it comes from; opened, its classes and its pictures. */
export function SetCard({ set, opened, setOpened, renamed }: SetCardProps) {
  const { show, may, isOld } = useDataset()
  const id = useId()
  const Chevron = opened ? IconChevronDown : IconChevronRight
  return (
    <section className="card annotation-set" aria-label={`Annotation set ${set.name}`}>
      <header>
        <h3 className="grow annotation-head">
          <button
            type="button"
            className="plain row"
            aria-expanded={opened}
            aria-controls={id}
            onClick={() => setOpened(!opened)}
          >
            <Chevron size={16} stroke={1.7} className="note-icon m3" aria-hidden />
            <Name text={set.name} className="annotation-name" />
            <span className="chip">{taskWord(set.task)}</span>
          </button>
        </h3>
        <span className="m2 s12 nowrap num-tab annotation-covers">
          {count(set.items)} of {itemsText(show.counts.items, show.modality)}
        </span>
        <span className="m2 s12 nowrap num-tab annotation-amount">{amount(set)}</span>
        <span className="m3 s12 row annotation-origin">
          {ORIGINS[set.origin] ?? set.origin}
          <Name text={set.source} file={set.source.includes('.')} />
        </span>
        {may('edit') && !isOld && <SetMenu set={set} renamed={renamed} />}
      </header>
      {opened && (
        <div id={id}>
          <Opened set={set} />
        </div>
      )}
    </section>
  )
}

function amount(set: AnnotationSet): string {
  if (set.task === 'regression' && set.classes.length === 0) return 'values'
  const classes = plural(set.classes.length, 'class', 'classes')
  if (set.task !== 'detection') return classes
  const { one, many } = nounOf(set.task)
  const boxes = set.classes.reduce((sum, each) => sum + each.count, 0)
  return `${plural(boxes, one, many)}, ${classes}`
}

function Opened({ set }: { set: AnnotationSet }) {
  const { error, data } = useDistribution(set.name)
  if (error !== null) {
    return (
      <div className="pad">
        <ProblemNote error={error} />
      </div>
    )
  }
  if (data === undefined) {
    return (
      <div className="pad" aria-busy="true">
        <Skeleton className="waits" height={60 + 30 * Math.min(12, set.classes.length)} />
      </div>
    )
  }
  return (
    <>
      <Classes distribution={data} />
      <LabelThumbnails distribution={data} />
    </>
  )
}

function Classes({ distribution }: { distribution: Distribution }) {
  const here = useDataset()
  const [view, setView] = useChoice('labels', ['chart', 'table'])
  const { set } = distribution
  return (
    <div className="annotation-classes">
      <div className="row annotation-tools">
        <h4 className="m2">Label distribution</h4>
        <span className="row right">
          <ChartOrTable view={view} setView={setView} />
          <DistributionDownload set={set} />
        </span>
      </div>
      <ClassDistribution
        distribution={distribution}
        view={view}
        counted={countedIn(here.show, set)}
        hrefOf={(name) => itemsAddress(here, { class: [`${set}:${name}`] })}
      />
    </div>
  )
}
