import { IconX } from '@tabler/icons-react'
import { useSearchParams } from 'react-router'
import { stateWord } from '@/parts/StateLabel'
import { modalityWord, taskWord } from '@/parts/words'
import { FACETS, type Filters, toggled } from './filters'

const WORDS = { modality: modalityWord, task: taskWord, state: stateWord, tag: (tag: string) => tag }

/** What the list is filtered by, each to be taken away by a press. */
export function ActiveFilters({ filters }: { filters: Filters }) {
  const [parameters, setParameters] = useSearchParams()
  const active = FACETS.flatMap((name) => filters.chosen[name].map((value) => ({ name, value })))
  if (active.length === 0) return null
  return (
    <div className="row wrap datasets-active">
      {active.map(({ name, value }) => (
        <button
          key={`${name}:${value}`}
          type="button"
          className="plain chip acc x datasets-filter"
          aria-label={`Remove the filter ${WORDS[name](value)}`}
          onClick={() => setParameters(toggled(parameters, name, value))}
        >
          <bdi className="el">{WORDS[name](value)}</bdi>
          <IconX size={12} aria-hidden />
        </button>
      ))}
    </div>
  )
}
