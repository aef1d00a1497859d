import { useDocumentTitle } from '@mantine/hooks'
import { IconStack2 } from '@tabler/icons-react'
import { useParams } from 'react-router'
import { Centred, Faulty } from '@/parts/Messages'
import { JobDetail } from './JobDetail'
import { JobList } from './JobList'
import { useJobList } from './useJobs'
import './jobs.css'

/** What runs, ran and failed: the list at the left, one job at the right. */
export default function JobsPage() {
  useDocumentTitle('Jobs – Triptych')
  const { job } = useParams()
  const list = useJobList()
  if (list.isError) return <Faulty error={list.error} retry={() => void list.refetch()} />
  const shown = job ?? list.jobs[0]?.id
  return (
    <div className={`jobs ${job === undefined ? '' : 'jobs-one'}`}>
      <JobList list={list} shown={shown} />
      <div className="scroll-y jobs-detail">
        {shown !== undefined && <JobDetail key={shown} id={shown} />}
        {shown === undefined && !list.isPending && (
          <Centred icon={<IconStack2 size={20} stroke={1.7} aria-hidden />} title="Nothing has run yet">
            When you add a dataset, its job stands here: what it does, how long it takes, and what to do when
            it fails.
          </Centred>
        )}
      </div>
    </div>
  )
}
