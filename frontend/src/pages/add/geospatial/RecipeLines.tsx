import { count, plural } from '@/parts/format'
import type { Form } from '@/parts/recipe/form'
import { hasCategories } from '@/parts/recipe/problems'

/** Purpose, data sources and label categories, in the list of what will be made. */
export function RecipeLines({ form }: { form: Form }) {
  const ignored = form.categories.filter(({ ignore }) => ignore).length
  return (
    <>
      <dt>Purpose</dt>
      <dd>{form.purpose}</dd>
      {form.sources.map((source) => {
        const used = source.bands.filter((band) => band.used).length
        const dates = source.dates.length > 0 ? `, ${plural(source.dates.length, 'date')}` : ''
        return (
          <SourceLine
            key={source.key}
            tag={source.tag}
            suffix={source.suffix}
            bands={`${used === source.bands.length ? count(used) : `${used} of ${source.bands.length}`} ${source.bands.length === 1 ? 'band' : 'bands'}${dates}`}
          />
        )
      })}
      {form.labelSuffix !== '' && (
        <>
          <dt>Labels</dt>
          <dd>
            <bdi className="mono">{form.labelSuffix}</bdi>
          </dd>
        </>
      )}
      {hasCategories(form.purpose) && form.categories.length > 0 && (
        <>
          <dt>Label categories</dt>
          <dd>
            {count(form.categories.length)}
            {ignored > 0 && `, ${ignored} ignored`}
          </dd>
        </>
      )}
    </>
  )
}

function SourceLine({ tag, suffix, bands }: { tag: string; suffix: string; bands: string }) {
  return (
    <>
      <dt>Data source</dt>
      <dd>
        <bdi>{tag}</bdi>, <bdi className="mono">{suffix}</bdi>, {bands}
      </dd>
    </>
  )
}
