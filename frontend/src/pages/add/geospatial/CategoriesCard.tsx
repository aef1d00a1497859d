import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { count, plural } from '@/parts/format'
import { Note } from '@/parts/Messages'
import { withCategory } from '@/parts/recipe/edits'
import { blankCategory, type Form } from '@/parts/recipe/form'
import { categoriesProblem } from '@/parts/recipe/problems'
import { number, paletteColor } from '@/parts/recipe/recipe'
import { CategoryRow } from './CategoryRow'
import { missingValues } from './missing'
import type { Geo } from './useGeo'

const ROWS_SHOWN = 100
const VALUES_NAMED = 8

/** Label categories: which value of a mask means what, how it is drawn, and what is not learnt from. */
export function CategoriesCard({ geo: { form, set, facts } }: { geo: Geo }) {
  const [shown, setShown] = useState(ROWS_SHOWN)
  const { categories } = form
  const seen = new Map(facts?.labels?.values.map(({ value, pixels }) => [value, pixels]))
  const add = () => setCategories(form, set, [...categories, blankCategory(categories)])
  const problem = categoriesProblem(form)
  return (
    <section className="card" aria-label="Label categories">
      <header>
        <h2>Label categories</h2>
        {form.labelSuffix !== '' && <bdi className="m3 mono">{form.labelSuffix}</bdi>}
        <span className="m3 right num-tab">{plural(categories.length, 'label')}</span>
      </header>
      <Missing geo={{ form, set }} values={missingValues(form, facts)} />
      {categories.length === 0 ? (
        <p className="pad m2">
          No label yet. Add one for each value of the masks; values without a label get one when they are met.
        </p>
      ) : (
        <div className="geo-scroll">
          <table className="geo-bands geo-categories" aria-label="Label categories">
            <thead>
              <tr>
                <th scope="col">Label ID</th>
                <th scope="col">Colour</th>
                <th scope="col">Label name</th>
                <th scope="col">Opacity</th>
                <th scope="col">Weight</th>
                <th scope="col">Ignore</th>
                <th scope="col" className="num">
                  Pixels, sampled
                </th>
                <th scope="col" aria-label="Delete" />
              </tr>
            </thead>
            <tbody>
              {categories.slice(0, shown).map((category) => (
                <CategoryRow
                  key={category.key}
                  category={category}
                  categories={categories}
                  pixels={seen.get(number(category.id) ?? NaN) ?? null}
                  change={(change) => set(withCategory(form, category.key, change))}
                  remove={() =>
                    setCategories(
                      form,
                      set,
                      categories.filter(({ key }) => key !== category.key),
                    )
                  }
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {categories.length > shown && (
        <Button variant="transparent" size="compact-sm" onClick={() => setShown(shown + ROWS_SHOWN)}>
          {plural(Math.min(ROWS_SHOWN, categories.length - shown), 'more label')} of{' '}
          {count(categories.length)}
        </Button>
      )}
      {problem !== null && (
        <p className="hint bad geo-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="row geo-source-foot">
        <Button leftSection={<IconPlus size={14} stroke={1.7} aria-hidden />} onClick={add}>
          Add label
        </Button>
        <span className="m3 s12">
          Ignored labels are not learnt from: they count for no weight. Weights are reckoned from the pixels
          unless you type one.
        </span>
      </div>
    </section>
  )
}

function setCategories(form: Form, set: (form: Form) => void, categories: Form['categories']) {
  set({ ...form, categories, isCategoriesEdited: true })
}

/** Values that were seen in masks and have no label. */
function Missing({ geo: { form, set }, values }: { geo: Pick<Geo, 'form' | 'set'>; values: number[] }) {
  if (values.length === 0) return null
  const add = () => {
    const first = 1 + Math.max(-1, ...form.categories.map(({ key }) => key))
    const added = values.map((value, place) => ({
      ...blankCategory([]),
      key: first + place,
      id: String(value),
      name: String(value),
      color: paletteColor(value),
    }))
    setCategories(form, set, [...form.categories, ...added])
  }
  const named = values.slice(0, VALUES_NAMED).join(', ')
  const more = values.length > VALUES_NAMED ? ` and ${values.length - VALUES_NAMED} more` : ''
  return (
    <div className="geo-missing">
      <Note kind="warn">
        <div className="row">
          <div className="grow">
            <b>{plural(values.length, 'value')} of the masks without a label:</b> {named}
            {more}.
          </div>
          <Button size="compact-sm" onClick={add}>
            Add {values.length === 1 ? 'it' : 'them'}
          </Button>
        </div>
      </Note>
    </div>
  )
}
