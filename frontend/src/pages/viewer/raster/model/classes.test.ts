import { describe, expect, it } from 'vitest'
import { classLook, eyed } from './classes'

const START = { labels: true, hidden: [], looks: {} }
const FOREST = { id: 2, color: '#009e73', ignore: false }
const NOTHING = { id: -1, color: '#000000', ignore: true }

describe('classes', () => {
  it('are shown in their colours, but for those that training leaves out', () => {
    expect(classLook(START, 'LULC', FOREST)).toMatchObject({ color: '#009e73', opacity: 100, isShown: true })
    expect(classLook(START, 'LULC', NOTHING)).toMatchObject({ opacity: 0, isShown: false })
  })
  it('go and come back by their eyes', () => {
    const hidden = eyed(START, classLook(START, 'LULC', FOREST), null)
    expect(classLook(hidden, 'LULC', FOREST).isShown).toBe(false)
    expect(eyed(hidden, classLook(hidden, 'LULC', FOREST), null)).toEqual(START)
  })
  it('that training leaves out come by their eyes, go, and come again', () => {
    let state = eyed(START, classLook(START, 'LULC', NOTHING), null)
    expect(classLook(state, 'LULC', NOTHING)).toMatchObject({ opacity: 100, isShown: true })
    state = eyed(state, classLook(state, 'LULC', NOTHING), null)
    expect(classLook(state, 'LULC', NOTHING).isShown).toBe(false)
    state = eyed(state, classLook(state, 'LULC', NOTHING), null)
    expect(classLook(state, 'LULC', NOTHING).isShown).toBe(true)
  })
  it('are shown alone', () => {
    const forest = classLook(START, 'LULC', FOREST)
    const keys = [forest.key, classLook(START, 'LULC', NOTHING).key]
    expect(classLook(eyed(START, forest, keys), 'LULC', FOREST).isShown).toBe(true)
    const alone = eyed(START, classLook(START, 'LULC', NOTHING), keys)
    expect(classLook(alone, 'LULC', FOREST).isShown).toBe(false)
    expect(classLook(alone, 'LULC', NOTHING).isShown).toBe(true)
  })
})
