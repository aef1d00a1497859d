import { useSearchParams } from 'react-router'
import type { Schemas } from '@/api/client'
import { Facet } from '@/parts/FacetList'
import { stateWord } from '@/parts/StateLabel'
import { modalityWord, taskWord } from '@/parts/words'
import { FACETS, type FacetName, filtersIn, toggled } from './filters'

const TITLES: Record<FacetName, string> = { modality: 'Modality', task: 'Task', state: 'State', tag: 'Tags' }
const WORDS: Record<FacetName, (value: string) => string> = {
  modality: modalityWord,
  task: taskWord,
  state: stateWord,
  tag: (tag) => tag,
}

export function DatasetFacets({ facets }: { facets: Schemas['ListFacets']['facets'] | undefined }) {
  const [parameters, setParameters] = useSearchParams()
  const { chosen } = filtersIn(parameters)
  return FACETS.map((name) => (
    <Facet
      key={name}
      title={TITLES[name]}
      values={(facets?.find((each) => each.name === name)?.values ?? []).map((each) => ({
        ...each,
        label: WORDS[name](each.value),
      }))}
      chosen={new Set(chosen[name])}
      toggle={(value) => setParameters(toggled(parameters, name, value))}
    />
  ))
}
