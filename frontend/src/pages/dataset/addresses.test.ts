import { expect, test } from 'vitest'
import { itemsAddress, tabAddress, thumbnailAddress } from './addresses'

const NEWEST = { name: 'a/b c', isOld: false, version: 3 }

test('items are asked for by facets, in the words of their addresses', () => {
  expect(itemsAddress(NEWEST, { class: ['label:RBC', 'label:x&y'], duplicates: ['near'] })).toBe(
    '/datasets/a%2Fb%20c/items?class=label%3ARBC&class=label%3Ax%26y&duplicates=near',
  )
})

test('an old version stays the one that is looked at', () => {
  expect(tabAddress({ ...NEWEST, isOld: true }, 'annotations')).toBe(
    '/datasets/a%2Fb%20c/annotations?version=3',
  )
  expect(tabAddress(NEWEST, 'annotations')).toBe('/datasets/a%2Fb%20c/annotations')
})

test('thumbnails are addressed by the hash of their file', () => {
  expect(thumbnailAddress('0193', 'ab12', 160)).toBe('/api/v1/datasets/0193/thumbnails/ab12?size=160')
})
