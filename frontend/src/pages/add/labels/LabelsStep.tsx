import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { count, plural } from '@/parts/format'
import { Name } from '@/parts/Name'
import { itemsText, taskWord } from '@/parts/words'
import type { ReportSet } from '@/uploads/report'
import { SourceCard } from '../check/SourceCard'
import { WillBeImported } from '../check/WillBeImported'
import { labelsWord } from '../check/verdict'
import { CategoriesCard } from '../geospatial/CategoriesCard'
import { FoundCard } from '../geospatial/FoundCard'
import type { Wizard } from '../useWizard'
import { ClassTable } from './ClassTable'

const SEARCH_FROM = 20

/** The annotation sets that the dataset will have, with all their classes. */
export function LabelsStep({ wizard }: { wizard: Wizard }) {
  const { source, filename, check, go, geo } = wizard
  if (source === null) return null
  // What a raster of labels holds is told with its categories, unless its pixels are counted.
  const sets = check.report?.annotation_sets.filter(
    (set) => geo === null || set.classes.some((each) => each.count > 0),
  )
  return (
    <div className="wizard-two">
      <div>
        {geo !== null && <CategoriesCard geo={geo} />}
        {sets?.map((set) => (
          <SetCard
            key={set.name}
            set={set}
            items={check.report?.counts.items ?? 0}
            modality={check.report?.modality}
          />
        ))}
      </div>
      <div>
        <SourceCard source={source} filename={filename} report={check.report} change={() => go('source')} />
        {geo !== null && <FoundCard report={check.report} geo={geo} />}
        {geo === null && check.report !== undefined && <WillBeImported report={check.report} />}
      </div>
    </div>
  )
}

interface SetCardProps {
  set: ReportSet
  items: number
  modality: string | undefined
}

function SetCard({ set, items, modality }: SetCardProps) {
  const [search, setSearch] = useState('')
  const found = set.classes
    .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
    .sort((a, b) => b.count - a.count)
  const total = set.classes.reduce((sum, each) => sum + each.count, 0)
  const word = labelsWord(set.task)
  const without = Math.max(0, items - set.items)
  return (
    <section className="card" aria-label={`Annotation set ${set.name}`}>
      <header>
        <h2 className="set-title">
          <Name text={set.name} />
        </h2>
        <span className="chip">{taskWord(set.task)}</span>
        <span className="m3 right nowrap num-tab">
          {plural(set.classes.length, 'class', 'classes')}, {count(total)}{' '}
          {word === 'Classes' ? 'labels' : word.toLowerCase()}
        </span>
      </header>
      <div className="pad">
        <p className="m2 set-words">
          Covers {itemsText(set.items, modality)}
          {without > 0 && `; ${count(without)} are in no label file and belong to no annotation`}.
          {set.source !== '' && (
            <>
              {' '}
              Read from <bdi className="mono">{set.source}</bdi>.
            </>
          )}
        </p>
        {set.classes.length >= SEARCH_FROM && (
          <TextInput
            size="xs"
            mb={8}
            aria-label="Search classes"
            placeholder="Search classes"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        {set.classes.length > 0 && <ClassTable classes={found} word={word} />}
      </div>
    </section>
  )
}
