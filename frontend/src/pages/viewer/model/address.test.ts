import { USUAL } from '../raster/model/stretch'
import { frameIn, itemIn, lookKey, othersIn, readState, START, type ViewerState, writeState } from './address'

const back = (state: ViewerState) => readState(writeState(null, state, new URLSearchParams()))

test('all that matters comes back from the address', () => {
  const state: ViewerState = {
    window: { low: -100.5, high: 180 },
    invert: true,
    brightness: -20,
    contrast: 35,
    smooth: false,
    place: { x: 120.25, y: 9000.125, zoom: 2.5 },
    rotation: 270,
    flip: true,
    labels: false,
    hidden: [lookKey('label'), lookKey('a@b', 3)],
    looks: { [lookKey('label', 1)]: { color: '#56b4e9', opacity: 40 }, [lookKey('x.y')]: { opacity: 0 } },
    opacity: 60,
    measures: [
      [
        [1, 2],
        [3.5, 4],
      ],
    ],
    raster: {
      layers: {
        'S2:A': {
          shown: false,
          opacity: 40,
          display: {
            bands: [7, 3, 2],
            formula: null,
            palette: 'grey',
            stretch: { of: 'dataset', low: 1, high: 99 },
          },
        },
        dem: { display: { bands: [], formula: "('B-8!' - B04) / 2", palette: 'magma', stretch: USUAL } },
      },
      date: 3,
      swipe: 0.25,
      left: {
        layer: null,
        item: 'a/b:c ü.tif',
        date: 0,
        display: {
          bands: [4],
          formula: null,
          palette: 'viridis',
          stretch: { of: 'own', ranges: [{ low: -0.5, high: 1e-5 }] },
        },
      },
    },
  }
  expect(back(state)).toEqual(state)
  expect(back({ ...START, window: 'file1' }).window).toBe('file1')
  const key = 'image/Größe & höher.png'
  expect(itemIn(writeState(key, state, new URLSearchParams()))).toBe(key)
})

test('an address of a picture as it opens holds its key alone', () => {
  expect(writeState('a.png', START, new URLSearchParams()).toString()).toBe('item=a.png')
})

test('frames are counted from 1 in the address, and the first is left out', () => {
  const at = (frame: number) => writeState('a.dcm', START, new URLSearchParams('frame=9'), frame)
  expect(at(11).toString()).toBe('item=a.dcm&frame=12')
  expect(frameIn(at(11))).toBe(11)
  expect(at(0).toString()).toBe('item=a.dcm')
  for (const odd of ['0', '-1', '1.5', 'x', '']) expect(frameIn(new URLSearchParams({ frame: odd }))).toBe(0)
})

test('filters of the list stay in the address', () => {
  const search = new URLSearchParams('class=label%3ARBC&part=train&item=a&zoom=3&center=1,2')
  expect(writeState('b', START, search).toString()).toBe('class=label%3ARBC&part=train&item=b')
  expect(othersIn(search).toString()).toBe('class=label%3ARBC&part=train')
})

test('what cannot be read is as at the start', () => {
  const odd = new URLSearchParams(
    'window=1,x&brightness=1e9&zoom=0&center=1,2&rotate=&hide=label&look=zz..3@a&measure=1,2,3&opacity=-1',
  )
  expect(readState(odd)).toEqual(START)
})
