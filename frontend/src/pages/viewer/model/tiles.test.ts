import { texturePixels, tileOf, valuesAt } from './tiles'

const of = (dtype: string, values: ArrayBufferView<ArrayBuffer>, shape: string) =>
  tileOf(values.buffer, shape, dtype)

test('sixteen bits stay sixteen bits', () => {
  const values = Uint16Array.from({ length: 65536 }, (_, index) => index)
  const pixels = texturePixels(of('uint16', values, '256,256'), 256, false)
  expect(pixels).toBeInstanceOf(Float32Array)
  expect(pixels.every((value, index) => value === index)).toBe(true)
})

test('values with a sign, floats and wide integers are read as they are', () => {
  expect(valuesAt(of('int16', Int16Array.of(-1024, 3071), '1,2'), 0, 0)).toEqual([-1024])
  expect(valuesAt(of('int8', Int8Array.of(-128, 127), '1,2'), 1, 0)).toEqual([127])
  expect(valuesAt(of('uint32', Uint32Array.of(4294967295), '1,1'), 0, 0)).toEqual([4294967295])
  expect(valuesAt(of('int32', Int32Array.of(-2147483648), '1,1'), 0, 0)).toEqual([-2147483648])
  expect(valuesAt(of('float64', Float64Array.of(0.1), '1,1'), 0, 0)).toEqual([0.1])
  expect(valuesAt(of('uint64', BigUint64Array.of(5n), '1,1'), 0, 0)).toEqual([5])
  expect(Array.from(texturePixels(of('float32', Float32Array.of(-18.5), '1,1'), 1, false))).toEqual([-18.5])
})

test('bands come one after the other and lie side by side in a texture', () => {
  const tile = of('uint8', Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24), '3,2,2')
  expect(valuesAt(tile, 1, 0)).toEqual([2, 12, 22])
  expect(Array.from(texturePixels(tile, 2, false))).toEqual([1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24])
})

test('a tile at the edge is filled up with its edge', () => {
  const tile = of('uint8', Uint8Array.of(1, 2, 3, 4, 5, 6), '2,3')
  expect(Array.from(texturePixels(tile, 4, false))).toEqual([1, 2, 3, 3, 4, 5, 6, 6, 4, 5, 6, 6, 4, 5, 6, 6])
})

test('mirrored, the picture lies at the right and its rows stay', () => {
  const tile = of('uint8', Uint8Array.of(1, 2, 3, 4, 5, 6), '2,3')
  expect(Array.from(texturePixels(tile, 4, true))).toEqual([3, 3, 2, 1, 6, 6, 5, 4, 6, 6, 5, 4, 6, 6, 5, 4])
  const whole = of('uint16', Uint16Array.of(1, 2, 3, 4), '2,2')
  expect(Array.from(texturePixels(whole, 2, true))).toEqual([2, 1, 4, 3])
})

test('what cannot be is said', () => {
  expect(() => tileOf(new ArrayBuffer(4), '2,2', 'complex64')).toThrow('complex64')
  expect(() => tileOf(new ArrayBuffer(4), '2,3', 'uint8')).toThrow('4 values where 2,3 is 6')
  expect(() => tileOf(new ArrayBuffer(0), '', 'uint8')).toThrow('0 values')
})
