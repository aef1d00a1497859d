import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { count } from '@/parts/format'
import { Faulty } from '@/parts/Messages'

interface ListState {
  isError: boolean
  isPending: boolean
  error: unknown
  refetch: () => unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

interface SectionProps {
  title: string
  number?: number | undefined
  text: string
  action?: ReactNode
  list?: ListState
  children: ReactNode
}

/** A room of the organization: its name, what it is for, one action, and its list. */
export function Section({ title, number, text, action, list, children }: SectionProps) {
  return (
    <section className="organization-section">
      <header className="row">
        <h1>{title}</h1>
        {number !== undefined && <span className="m3">{count(number)}</span>}
        <span className="grow" />
        {action}
      </header>
      <p className="m2 organization-text">{text}</p>
      {list?.isError === true ? <Faulty error={list.error} retry={() => void list.refetch()} /> : children}
      {list?.hasNextPage === true && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </section>
  )
}
