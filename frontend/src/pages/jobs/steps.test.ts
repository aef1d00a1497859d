import { stepStates } from './steps'

const STAGES = ['check', 'import', 'publish']

test('what is before the stage is done, what is after it is to come', () => {
  expect(stepStates(STAGES, { state: 'running', stage: 'import' })).toEqual(['done', 'now', 'ahead'])
  expect(stepStates(STAGES, { state: 'failed', stage: 'import' })).toEqual(['done', 'failed', 'ahead'])
  expect(stepStates(STAGES, { state: 'cancelled', stage: 'check' })).toEqual(['stopped', 'ahead', 'ahead'])
})

test('a job that waits has done nothing, one that succeeded everything', () => {
  expect(stepStates(STAGES, { state: 'waiting', stage: '' })).toEqual(['ahead', 'ahead', 'ahead'])
  expect(stepStates(STAGES, { state: 'succeeded', stage: 'publish' })).toEqual(['done', 'done', 'done'])
})
