import { hasCategories } from '@/parts/recipe/problems'
import type { Purpose } from '@/parts/recipe/recipe'
import type { Report } from '@/uploads/report'

/** The steps of the wizard, in their order. */
export const STEPS = ['source', 'check', 'configure', 'labels', 'submit'] as const
export type Step = (typeof STEPS)[number]

export const STEP_WORDS: Record<Step, string> = {
  source: 'Source',
  check: 'Check',
  configure: 'Configure',
  labels: 'Labels',
  submit: 'Submit',
}

/**
 * The steps that a source needs: a source without labels has no step for them. All, while nobody knows. Of chips the
 * `purpose` says whether there are classes to describe.
 */
export function neededSteps(report: Report | undefined, purpose: Purpose | null = null): Step[] {
  const hasSets = report === undefined || report.annotation_sets.length > 0
  const hasLabels =
    purpose === null ? hasSets : purpose === 'Segmentation' || (hasCategories(purpose) && hasSets)
  return STEPS.filter((step) => step !== 'labels' || hasLabels)
}

/** The step that an address names; the first that makes sense for one that names none. */
export function stepIn(parameters: URLSearchParams, hasSource: boolean): Step {
  const named = STEPS.find((step) => step === parameters.get('step'))
  if (!hasSource) return 'source'
  return named === undefined ? 'check' : named
}

export function stepAfter(steps: readonly Step[], step: Step): Step {
  return steps[steps.indexOf(step) + 1] ?? step
}

export function stepBefore(steps: readonly Step[], step: Step): Step {
  return steps[steps.indexOf(step) - 1] ?? 'source'
}
