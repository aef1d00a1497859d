import { readTemplate } from '../types'
import {
  BLANK,
  fieldProblem,
  fittingModels,
  fittingTemplates,
  parametersOf,
  parametersProblem,
  setupProblem,
  shownValue,
  tuneNameProblem,
  withTyped,
} from './draft'

const TEMPLATE = readTemplate({
  id: 'base_segmentation',
  title: 'Segmentation',
  description: '',
  purposes: ['Segmentation'],
  model_categories: ['prithvi'],
  sources: { least: 1, most: 1 },
  schema: {
    properties: {
      data: {
        title: 'Data',
        properties: {
          batch_size: { type: 'integer', title: 'Batch size', default: 4, minimum: 1, maximum: 1024 },
          augment: { type: 'boolean', title: 'Flip', default: true },
        },
      },
      optimizer: {
        title: 'Optimizer',
        properties: {
          type: { type: 'string', enum: ['Adam', 'SGD'], default: 'Adam' },
          lr: { type: 'number', title: 'Rate', default: 0.00006, minimum: 0 },
        },
      },
    },
  },
  tabs: [{ id: 'data', title: 'Data', groups: ['data', 'optimizer'] }],
  defaults: {},
})

function field(group: string, name: string) {
  const found = TEMPLATE.groups.get(group)?.fields.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no field ${name}`)
  return found
}

const MODEL = {
  id: 'prithvi',
  title: 'Prithvi',
  model_category: 'prithvi',
  weights: '',
  image_size: 224,
  patch_size: 16,
  bands: [],
  modalities: null,
  frames: 1,
  multimodal: false,
}

test('only what differs from the template is sent, as numbers', () => {
  let draft = withTyped(BLANK, 'data', field('data', 'batch_size'), '8')
  draft = withTyped(draft, 'data', field('data', 'augment'), false)
  draft = withTyped(draft, 'optimizer', field('optimizer', 'type'), 'SGD')
  draft = withTyped(draft, 'optimizer', field('optimizer', 'lr'), '1e-4')
  expect(parametersOf(draft, TEMPLATE)).toEqual({
    data: { batch_size: 8, augment: false },
    optimizer: { type: 'SGD', lr: 0.0001 },
  })
  draft = withTyped(draft, 'data', field('data', 'batch_size'), '4')
  draft = withTyped(draft, 'data', field('data', 'augment'), true)
  expect(parametersOf(draft, TEMPLATE)).toEqual({ optimizer: { type: 'SGD', lr: 0.0001 } })
  expect(shownValue(field('data', 'batch_size'), draft.typed['data']?.['batch_size'])).toBe('4')
})

test('a value outside what the template allows is said with its place', () => {
  const draft = withTyped(BLANK, 'data', field('data', 'batch_size'), '0')
  expect(parametersProblem(draft, TEMPLATE)).toBe('Data, Batch size: From 1 to 1024.')
  expect(parametersProblem(BLANK, TEMPLATE)).toBeNull()
  expect(fieldProblem(field('data', 'batch_size'), '2.5')).toBe('A whole number.')
  expect(fieldProblem(field('optimizer', 'lr'), '-1')).toBe('0 or more.')
  expect(fieldProblem(field('optimizer', 'lr'), 'fast')).toBe('A number.')
  expect(fieldProblem(field('optimizer', 'type'), 'Lion')).toBe('Choose one of the list.')
})

test('names of tunes are as the server takes them', () => {
  expect(tuneNameProblem('harbour-water-2')).toBeNull()
  expect(tuneNameProblem('Harbour')).toContain('Small letters')
  expect(tuneNameProblem('abc')).toContain('4 letters')
  expect(tuneNameProblem('x'.repeat(31))).toContain('30 letters')
  expect(tuneNameProblem('')).toContain('needs a name')
})

test('templates and models are those that go with the dataset', () => {
  expect(fittingTemplates([TEMPLATE], 'Segmentation', 1)).toHaveLength(1)
  expect(fittingTemplates([TEMPLATE], 'Segmentation', 2)).toHaveLength(0)
  expect(fittingTemplates([TEMPLATE], 'Regression', 1)).toHaveLength(0)
  const other = { ...MODEL, id: 'clay', model_category: 'clay' }
  expect(fittingModels([MODEL, other], TEMPLATE)).toEqual([MODEL])
  const draft = {
    ...BLANK,
    name: 'harbour',
    description: 'Water',
    template: TEMPLATE.id,
    baseModel: 'prithvi',
  }
  expect(setupProblem(draft, TEMPLATE, [MODEL])).toBeNull()
  expect(setupProblem({ ...draft, baseModel: 'clay' }, TEMPLATE, [MODEL])).toBe('Choose a base model.')
  expect(setupProblem({ ...draft, description: ' ' }, TEMPLATE, [MODEL])).toContain('what the tune is for')
})
