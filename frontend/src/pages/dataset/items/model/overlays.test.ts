import type { Label } from '@/parts/labels'
import {
  classToken,
  flipped,
  flippedAll,
  hiddenIn,
  isShown,
  setToken,
  shownLabels,
  withHidden,
} from './overlays'

const RBC: Label = {
  set: 'label',
  task: 'detection',
  kind: 'box',
  class: 'RBC',
  class_id: 1,
  color: null,
  value: null,
  box: [0, 0, 1, 1],
  parts: null,
  mask: null,
  frame: null,
  instance: null,
}

test('a class is hidden by itself, by its set, and with everything', () => {
  expect(isShown(RBC, new Set())).toBe(true)
  expect(isShown(RBC, new Set([classToken('label', 2), setToken('other')]))).toBe(true)
  for (const hidden of [
    new Set([classToken('label', 1)]),
    new Set([setToken('label')]),
    flippedAll(new Set()),
  ]) {
    expect(isShown(RBC, hidden)).toBe(false)
  }
})

test('nothing hidden gives the very list', () => {
  const labels = [RBC]
  expect(shownLabels(labels, new Set())).toBe(labels)
  expect(shownLabels(labels, new Set([setToken('label')]))).toEqual([])
})

test('what is hidden is in the address as the viewer has it, and all comes back as it was', () => {
  const some = flipped(new Set(), classToken('a b', 3))
  const address = withHidden(new URLSearchParams('part=train'), flippedAll(some))
  expect(address.toString()).toBe('part=train&hide=3%40a+b&labels=0')
  expect(flippedAll(hiddenIn(address))).toEqual(some)
  expect(flipped(some, classToken('a b', 3)).size).toBe(0)
})
