import { Skeleton } from '@mantine/core'
import { Faulty } from '@/parts/Messages'
import { useDataset } from '../useDataset'
import { useDistribution } from '../useDistribution'
import { useChoice, useParameter } from '../useParameter'
import { ChannelsCard } from './ChannelsCard'
import { DistributionCard } from './DistributionCard'
import { DuplicatesCard } from './DuplicatesCard'
import { SizesCard } from './SizesCard'
import { SplitsCard } from './SplitsCard'
import '../tabs.css'
import './statistics.css'
import { TrainingCard } from './TrainingCard'
import { useStatistics } from './useStatistics'

/** What a version is made of: labels, parts, channels, sizes, duplicates, and the numbers for a training loop. */
export default function StatisticsTab() {
  const { show } = useDataset()
  const [asked, choose] = useParameter('set')
  const [values, setValues] = useChoice('values', ['scaled', 'raw'])
  const set = show.annotation_sets.find((each) => each.name === asked) ?? show.annotation_sets[0] ?? null
  const statistics = useStatistics()
  const distribution = useDistribution(set?.name ?? null)
  if (statistics.error !== null) {
    return <Faulty error={statistics.error} retry={() => void statistics.refetch()} />
  }
  const { data } = statistics
  return (
    <div className="scroll-y">
      <h2 className="visually-hidden">Statistics</h2>
      <div className="statistics">
        <div>
          <DistributionCard set={set} choose={choose} distribution={distribution} />
          <SplitsCard distribution={distribution.data ?? null} />
          {data === undefined ? (
            <Waiting height={190} />
          ) : (
            <ChannelsCard statistics={data} values={values} setValues={setValues} />
          )}
          <DuplicatesCard />
        </div>
        <div>
          {data === undefined ? (
            <Waiting height={320} />
          ) : (
            <>
              <TrainingCard training={data.training} set={set?.name ?? null} scaled={values === 'scaled'} />
              <SizesCard statistics={data} set={set?.name ?? null} />
            </>
          )}
        </div>
      </div>
    </div>
  )
}

function Waiting({ height }: { height: number }) {
  return (
    <section className="card" aria-busy="true">
      <Skeleton className="waits" height={height} />
    </section>
  )
}
