import { Select, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from 'react-router'
import { ChartOrTable } from '@/parts/charts/ChartOrTable'
import { ClassDistribution } from '@/parts/charts/ClassDistribution'
import { TargetChart } from '@/parts/charts/TargetChart'
import {
  type Counted,
  countsLabels,
  type Distribution,
  nounOf,
  totalLabels,
} from '@/parts/charts/distribution'
import { plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { itemsText } from '@/parts/words'
import { itemsAddress, tabAddress } from '../addresses'
import { countedIn } from '../counted'
import { DistributionDownload } from '../DistributionDownload'
import type { Show } from '../types'
import { useDataset } from '../useDataset'
import { useChoice } from '../useParameter'
import { useStatistics } from './useStatistics'

interface DistributionCardProps {
  set: Show['annotation_sets'][number] | null
  choose: (set: string) => void
  distribution: UseQueryResult<Distribution>
}

/** How often each class of one annotation set occurs; where there are several sets, the one that is chosen here. */
export function DistributionCard({ set, choose, distribution }: DistributionCardProps) {
  const { show } = useDataset()
  const [view, setView] = useChoice('labels', ['chart', 'table'])
  const sets = show.annotation_sets
  return (
    <section className="card" aria-label="Label distribution">
      <header className="wrap">
        <h3 className="card-title">Label distribution</h3>
        {sets.length > 1 && (
          <Select
            size="xs"
            aria-label="Annotation set"
            className="statistics-set"
            data={sets.map((each) => each.name)}
            value={set?.name ?? null}
            allowDeselect={false}
            onChange={(name) => name !== null && choose(name)}
          />
        )}
        {set !== null && (
          <span className="row right statistics-tools">
            <span className="m3">{totals(distribution.data, countedIn(show, set.name))}</span>
            {set.classes.length > 0 && (
              <>
                <ChartOrTable view={view} setView={setView} />
                <DistributionDownload set={set.name} />
              </>
            )}
          </span>
        )}
      </header>
      <div className="pad">
        {set === null ? <NoLabels /> : <Body distribution={distribution} view={view} />}
      </div>
    </section>
  )
}

function Body({
  distribution,
  view,
}: {
  distribution: UseQueryResult<Distribution>
  view: 'chart' | 'table'
}) {
  const here = useDataset()
  const statistics = useStatistics()
  if (distribution.error !== null) return <ProblemNote error={distribution.error} />
  const { data } = distribution
  if (data === undefined) return <Skeleton className="waits" height={140} />
  const target = statistics.data?.layers[data.set]?.['all']?.bands[0]
  if (data.classes.length === 0 && target !== undefined) return <TargetChart band={target} />
  return (
    <ClassDistribution
      key={data.set}
      distribution={data}
      view={view}
      counted={countedIn(here.show, data.set)}
      hrefOf={(name) => itemsAddress(here, { class: [`${data.set}:${name}`] })}
    />
  )
}

function NoLabels() {
  const here = useDataset()
  return (
    <div className="m2">
      Nothing is labelled yet.{' '}
      <Link to={tabAddress(here, 'annotations')}>Annotations says what is missing for training.</Link>
    </div>
  )
}

function totals(distribution: Distribution | undefined, counted: Counted): string {
  if (distribution === undefined) return ''
  const { task, classes, items } = distribution
  const noun = nounOf(task, counted)
  const labels = countsLabels(task)
    ? plural(totalLabels(classes), noun.one, noun.many)
    : itemsText(items, counted.modality)
  return classes.length === 0 ? labels : `${labels}, ${plural(classes.length, 'class', 'classes')}`
}
