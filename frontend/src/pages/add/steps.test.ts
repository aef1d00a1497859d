import type { Report } from '@/uploads/report'
import { neededSteps, stepAfter, stepBefore, stepIn } from './steps'

const bare = { annotation_sets: [] } as unknown as Report
const labelled = { annotation_sets: [{ name: 'label' }] } as unknown as Report

test('pictures without labels need no step for them', () => {
  expect(neededSteps(bare)).toEqual(['source', 'check', 'configure', 'submit'])
  expect(neededSteps(labelled)).toContain('labels')
  expect(neededSteps(undefined)).toContain('labels')
})

test('chips have a step for labels where their purpose has classes', () => {
  expect(neededSteps(bare, 'Segmentation')).toContain('labels')
  expect(neededSteps(labelled, 'Regression')).not.toContain('labels')
  expect(neededSteps(labelled, 'Classification')).toContain('labels')
  expect(neededSteps(bare, 'Classification')).not.toContain('labels')
})

test('the address says the step; without a source it is the first', () => {
  expect(stepIn(new URLSearchParams('step=labels'), true)).toBe('labels')
  expect(stepIn(new URLSearchParams('step=labels'), false)).toBe('source')
  expect(stepIn(new URLSearchParams('step=nonsense'), true)).toBe('check')
})

test('forth and back go through the steps that there are', () => {
  const steps = neededSteps(bare)
  expect(stepAfter(steps, 'configure')).toBe('submit')
  expect(stepBefore(steps, 'submit')).toBe('configure')
  expect(stepAfter(steps, 'submit')).toBe('submit')
  expect(stepBefore(steps, 'source')).toBe('source')
})
