import {
  columnOf,
  fitting,
  fromMap,
  gridOf,
  lengthOf,
  lengthText,
  levelFor,
  levelsOf,
  pixelAt,
  placeOf,
  scaleBar,
  snapped,
  tilesIn,
  toMap,
} from './geometry'

const LARGE = { width: 1301, height: 700, tile: 512, levels: 3 }

test('levels go on until one tile holds the picture', () => {
  expect(levelsOf(512, 512, 512)).toBe(1)
  expect(levelsOf(513, 1, 512)).toBe(2)
  expect(levelsOf(12000, 9000, 512)).toBe(6)
})

test('the upper left corner of a picture is the upper left corner of the map', () => {
  expect(toMap(LARGE, false, [0, 0])).toEqual([0, 700])
  expect(toMap(LARGE, false, [1301, 700])).toEqual([1301, 0])
  expect(toMap(LARGE, true, [0, 0])).toEqual([1301, 700])
  expect(fromMap(LARGE, true, toMap(LARGE, true, [12.5, 77]))).toEqual([12.5, 77])
})

test('mirrored, the last column of the server is the first of the map, and ends where it should', () => {
  expect(gridOf(LARGE, 0, false)).toEqual({ scale: 1, columns: 3, rows: 2, origin: [0, 700] })
  const mirrored = gridOf(LARGE, 0, true)
  expect(mirrored.origin[0] + mirrored.columns * 512).toBe(1301)
  expect([0, 1, 2].map((column) => columnOf(LARGE, 0, column, true))).toEqual([2, 1, 0])
  expect(columnOf(LARGE, 0, 2, false)).toBe(2)
})

test('a pixel is in one tile of each level', () => {
  expect(placeOf(LARGE, 0, [1300, 699])).toEqual({ level: 0, column: 2, row: 1, x: 276, y: 187 })
  expect(placeOf(LARGE, 2, [1300, 699])).toEqual({ level: 2, column: 0, row: 0, x: 325, y: 174 })
})

test('pixels are found from their left upper corner on, and not beside the picture', () => {
  expect(pixelAt(LARGE, [0, 0])).toEqual([0, 0])
  expect(pixelAt(LARGE, [12.99, 3.01])).toEqual([12, 3])
  expect(pixelAt(LARGE, [1301, 3])).toBeNull()
  expect(pixelAt(LARGE, [3, -0.01])).toBeNull()
})

test('a turned picture fits by its turned size', () => {
  expect(fitting({ width: 1000, height: 500 }, [500, 500], 0, 0)).toBeCloseTo(2)
  expect(fitting({ width: 1000, height: 250 }, [500, 1000], 90, 0)).toBeCloseTo(1)
  expect(fitting({ width: 100, height: 100 }, [240, 220], 0, 10)).toBeCloseTo(0.5)
})

test('the level is as fine as the screen, and never coarser', () => {
  expect([0.25, 1, 1.9, 2, 3.99, 4, 1000].map((pixels) => levelFor(6, pixels))).toEqual([0, 0, 0, 1, 1, 2, 5])
})

test('at 1:1 the edges of pixels lie on edges of the screen', () => {
  expect(snapped([100.3, 50.2], [801, 600], 1)).toEqual([100.5, 50])
  expect(snapped([100.3, 50.2], [800, 600], 0.5)).toEqual([100.5, 50])
})

test('tiles that are seen come with the middle first', () => {
  const tiles = tilesIn(LARGE, 0, [0, 0, 1301, 700])
  expect(tiles).toHaveLength(6)
  expect(tiles[0]?.column).toBe(1)
  expect(tilesIn(LARGE, 0, [0, 0, 512, 512])).toEqual([{ level: 0, column: 0, row: 0 }])
  expect(tilesIn(LARGE, 0, [-900, -900, 5000, 5000])).toHaveLength(6)
})

test('lengths use the spacing of rows and columns', () => {
  expect(lengthOf([0, 0], [3, 4], null)).toEqual({ length: 5, unit: 'px' })
  expect(lengthOf([0, 0], [30, 40], [0.2, 0.5])).toEqual({ length: 17, unit: 'mm' })
  expect(lengthText({ length: 141.12, unit: 'mm' })).toBe('141.1 mm')
  expect(lengthText({ length: 0.0123, unit: 'mm' })).toBe('12.3 µm')
  expect(lengthText({ length: 312.4, unit: 'px' })).toBe('312 px')
})

test('a scale bar is round and not too long', () => {
  expect(scaleBar(0.488 / 1.52, 160)).toMatchObject({ text: '5 cm' })
  expect(scaleBar(0.001, 160).text).toBe('100 µm')
  expect(scaleBar(0.001, 160).pixels).toBeCloseTo(100)
  expect(scaleBar(10, 160).text).toBe('1 m')
})
