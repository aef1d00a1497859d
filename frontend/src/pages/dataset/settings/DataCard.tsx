import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { CategoryList } from '@/parts/recipe/CategoryList'
import { type LabelCategory, readRecipe } from '@/parts/recipe/recipe'
import { SourceView } from '@/parts/recipe/SourceView'
import { saveText } from '@/parts/saveText'
import type { Show } from '../types'
import { useDataset } from '../useDataset'

/** How the chips are read: purpose, data sources with their bands, label categories. */
export function DataCard() {
  const { show } = useDataset()
  const recipe = readRecipe(show.geospatial)
  if (recipe === null) return null
  const categories = categoriesOf(show, recipe.label_categories)
  const save = () =>
    saveText(`${show.name}-recipe.json`, JSON.stringify(show.geospatial, null, 2), 'application/json')
  return (
    <section className="card" aria-label="Data">
      <header>
        <h3 className="card-title">Data</h3>
        <span className="m3">{recipe.purpose}</span>
        <Button
          className="right"
          size="xs"
          onClick={save}
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          Recipe
        </Button>
      </header>
      <div className="pad col settings-fields">
        <div>
          <h4 className="settings-label data-title">Data sources</h4>
          {recipe.data_sources.map((source) => (
            <SourceView key={source.modality_tag} source={source} />
          ))}
        </div>
        <div>
          <h4 className="settings-label data-title">
            Label categories{' '}
            {recipe.label_suffix !== '' && <bdi className="mono m3">{recipe.label_suffix}</bdi>}
          </h4>
          {categories.length === 0 ? (
            <p className="m3">No label categories.</p>
          ) : (
            <CategoryList categories={categories} />
          )}
        </div>
        {recipe.scene !== null && (
          <p className="m2 s12">
            Scenes are named by <code className="mono">{recipe.scene}</code>.
          </p>
        )}
      </div>
    </section>
  )
}

/** Those of the sets, where onboarding met more than the recipe knew; else the recipe's. */
function categoriesOf(show: Show, known: LabelCategory[]): LabelCategory[] {
  const classes = show.annotation_sets
    .filter(({ task }) => task !== 'regression')
    .flatMap((set) => set.classes)
  return classes.length > 0 ? classes : known
}
