import { useCallback, useMemo } from 'react'
import { type Facts, readFacts } from '@/parts/recipe/facts'
import { blankForm, type Form, formOf, type FormSource, reconciled } from '@/parts/recipe/form'
import { categoriesProblem, sourcesProblem } from '@/parts/recipe/problems'
import { readRecipe } from '@/parts/recipe/recipe'
import type { Draft } from '@/uploads/drafts'
import type { Report } from '@/uploads/report'
import { withOption } from '../check/choices'

/** How the chips of a geospatial source are read, as proposed and as a person has it. */
export interface Geo {
  form: Form
  set: (form: Form) => void
  /** Set what decides which files belong together: the source is checked again. */
  ask: (form: Form) => void
  facts: Facts | null
  /** Bands that files of a data source have; null where nobody knows. */
  bandsInFile: (source: FormSource) => number | null
  /** Why the data sources, or the labels, cannot be used as they are. */
  problems: { configure: string | null; labels: string | null }
}

/** Null where the source is no geospatial one. */
export function useGeo(
  report: Report | undefined,
  draft: Draft,
  change: (values: Partial<Draft>) => void,
): Geo | null {
  const facts = useMemo(() => readFacts(report?.facts), [report?.facts])
  const proposed = useMemo(() => {
    const recipe = readRecipe(report?.recipe)
    return recipe === null ? null : formOf(recipe, facts)
  }, [report?.recipe, facts])
  const form = useMemo(() => formNow(draft, proposed), [draft, proposed])
  const bandsInFile = useCallback(
    (source: FormSource) =>
      facts?.sources.find((each) => each.suffix === source.suffix.trim())?.bands ?? null,
    [facts],
  )
  const problems = useMemo(
    () => ({ configure: sourcesProblem(form, bandsInFile), labels: categoriesProblem(form) }),
    [form, bandsInFile],
  )
  const isGeospatial = draft.unchecked || report?.modality === 'geospatial'
  if (!isGeospatial) return null
  return {
    form,
    set: (next) => change({ form: next }),
    ask: (next) =>
      change({ form: next, ...(draft.unchecked ? {} : { options: asked(draft.options, next) }) }),
    facts,
    bandsInFile,
    problems,
  }
}

function formNow({ form, unchecked }: Draft, proposed: Form | null): Form {
  if (form === null) return (unchecked ? null : proposed) ?? blankForm()
  return proposed === null || unchecked ? form : reconciled(form, proposed)
}

/** The options of a check under the suffixes and the purpose of a form. */
function asked(options: Draft['options'], form: Form): Record<string, string> {
  const suffixes = form.sources.map(({ suffix }) => suffix.trim()).filter(Boolean)
  return withOption(
    withOption(
      withOption(options, 'data_suffixes', suffixes.join(',')),
      'label_suffix',
      form.labelSuffix.trim(),
    ),
    'purpose',
    form.purpose,
  )
}
