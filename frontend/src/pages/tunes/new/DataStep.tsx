import { Tabs } from '@mantine/core'
import { Link } from 'react-router'
import { PART_WORDS, PARTS } from '@/parts/charts/distribution'
import { PartBar } from '@/parts/charts/PartBar'
import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import { CategoryList } from '@/parts/recipe/CategoryList'
import { SourceView } from '@/parts/recipe/SourceView'
import type { NewTune } from './useNewTune'

/** What is trained on: the dataset's parts, data sources and labels. */
export function DataStep({ tune: { show, recipe } }: { tune: NewTune }) {
  return (
    <div className="wizard-one tune-wide">
      <section className="card" aria-label="Training data">
        <header>
          <h2 className="set-title">
            <Name text={show.display_name} />
          </h2>
          <span className="chip line">Version {count(show.version)}</span>
          <Link className="right s12" to={`/datasets/${encodeURIComponent(show.name)}/settings`}>
            Look at the dataset
          </Link>
        </header>
        <div className="pad col wizard-fields">
          {show.description !== '' && <p className="m2 tune-description">{show.description}</p>}
          <div>
            <PartBar parts={show.split} whole={show.counts.items} label="Chips" height={14} />
            <p className="m2 s12 tune-parts">
              {PARTS.map((part) => `${PART_WORDS[part]} ${count(show.split[part])}`).join(' · ')}
            </p>
          </div>
          <Tabs defaultValue="sources" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="sources">Data sources {recipe.data_sources.length}</Tabs.Tab>
              <Tabs.Tab value="labels">Labels {recipe.label_categories.length}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="sources" pt="md">
              {recipe.data_sources.map((source) => (
                <SourceView key={source.modality_tag} source={source} />
              ))}
            </Tabs.Panel>
            <Tabs.Panel value="labels" pt="md">
              {recipe.label_categories.length === 0 ? (
                <p className="m3">No label categories.</p>
              ) : (
                <CategoryList categories={recipe.label_categories} />
              )}
            </Tabs.Panel>
          </Tabs>
        </div>
      </section>
    </div>
  )
}
