import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { toast } from '@/parts/toast'
import { readRecipe, type Recipe } from '@/parts/recipe/recipe'
import type { Show } from '@/pages/dataset/types'
import type { BaseModel, Template, Tune } from '../types'
import { TUNES_KEY, useBaseModels, useTemplates } from '../useTunes'
import {
  BLANK,
  fittingModels,
  fittingTemplates,
  parametersOf,
  parametersProblem,
  setupProblem,
  type Step,
  STEPS,
  type TuneDraft,
} from './draft'

/** What every step of the form knows and may do. */
export interface NewTune {
  show: Show
  recipe: Recipe
  step: Step
  go: (step: Step) => void
  draft: TuneDraft
  change: (change: Partial<TuneDraft>) => void
  /** Those that go with the dataset. */
  templates: Template[]
  template: Template | undefined
  models: BaseModel[]
  model: BaseModel | undefined
  /** What has to be mended before the next step. */
  problem: string | null
  /** Why no tune can be made of the dataset at all. */
  whyNot: string | null
  creating: { mutate: () => void; isPending: boolean; error: unknown }
}

interface Answer {
  tune: NewTune | null
  error: unknown
  retry: () => void
  /** The address names no dataset. */
  isMissing: boolean
}

export function useNewTune(): Answer {
  const [parameters] = useSearchParams()
  const dataset = parameters.get('dataset')
  const shown = useQuery({
    queryKey: ['dataset', dataset, 'for-tune'],
    enabled: dataset !== null,
    queryFn: () =>
      unwrap(api.GET('/api/v1/datasets/{dataset}', { params: { path: { dataset: dataset ?? '' } } })),
  })
  const templates = useTemplates()
  const models = useBaseModels()
  const [draft, setDraft] = useState<TuneDraft>(BLANK)
  const tune = useFilled(shown.data, templates.data, models.data, draft, setDraft)
  const queries = [shown, templates, models]
  return {
    tune,
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    retry: () => queries.forEach((query) => void query.refetch()),
    isMissing: dataset === null,
  }
}

function useFilled(
  show: Show | undefined,
  allTemplates: Template[] | undefined,
  allModels: BaseModel[] | undefined,
  draft: TuneDraft,
  setDraft: (draft: TuneDraft) => void,
): NewTune | null {
  const [parameters, setParameters] = useSearchParams()
  const recipe = readRecipe(show?.geospatial)
  const templates = fittingTemplates(
    allTemplates ?? [],
    recipe?.purpose ?? '',
    recipe?.data_sources.length ?? 0,
  )
  const template = templates.find(({ id }) => id === draft.template) ?? templates[0]
  const models = fittingModels(allModels ?? [], template)
  const model = models.find(({ id }) => id === draft.baseModel) ?? models[0]
  const filled = { ...draft, template: template?.id ?? null, baseModel: model?.id ?? null }
  const asked = STEPS.find((each) => each === parameters.get('step')) ?? 'setup'
  const isSetUp = setupProblem(filled, template, models)
  // A page that was loaded anew knows nothing of what was typed.
  const step = isSetUp === null || asked === 'setup' ? asked : 'setup'
  const creating = useCreating(show, template, filled)
  if (show === undefined || allTemplates === undefined || allModels === undefined) return null
  return {
    show,
    recipe: recipe ?? EMPTY,
    step,
    go: (next) =>
      setParameters((before) => {
        before.set('step', next)
        return before
      }),
    draft: filled,
    change: (change) => setDraft({ ...filled, ...change }),
    templates,
    template,
    models,
    model,
    problem: isSetUp ?? (step === 'setup' ? null : parametersProblem(filled, template)),
    whyNot: whyNot(show, recipe, templates),
    creating,
  }
}

const EMPTY: Recipe = {
  purpose: 'Other',
  data_sources: [],
  label_suffix: '',
  label_layer: '',
  label_categories: [],
  scene: null,
}

function whyNot(show: Show, recipe: Recipe | null, templates: readonly Template[]): string | null {
  if (recipe === null) return 'Only geospatial datasets can be fine-tuned on.'
  if (show.version === 0 || show.state !== 'ready') return 'The dataset is not ready yet.'
  if (!show.may.includes('edit')) return 'You may look at the dataset and not make tunes of it.'
  if (templates.length > 0) return null
  const sources = recipe.data_sources.length
  return `There is no template for ${recipe.purpose} with ${sources === 1 ? 'one data source' : `${sources} data sources`}.`
}

function useCreating(show: Show | undefined, template: Template | undefined, draft: TuneDraft) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const [parameters] = useSearchParams()
  const dataset = parameters.get('dataset') ?? show?.name ?? ''
  const creating = useMutation({
    mutationFn: () =>
      unwrap<Tune>(
        api.POST('/api/v1/tunes', {
          body: {
            name: draft.name,
            description: draft.description.trim(),
            dataset,
            template: draft.template ?? '',
            base_model: draft.baseModel ?? '',
            parameters: template === undefined ? {} : parametersOf(draft, template),
          },
        }),
      ),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: TUNES_KEY })
      void client.invalidateQueries({ queryKey: ['dataset'] })
      toast({ id: `tune-${made.id}`, title: `${made.name} is saved as a draft` })
      void navigate(`/tunes/${made.id}`, { replace: true })
    },
  })
  return { mutate: () => creating.mutate(), isPending: creating.isPending, error: creating.error }
}
