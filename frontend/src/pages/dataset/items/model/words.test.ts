import { nameOfValue } from './words'

test('values are called by words, sizes and depths with their units', () => {
  expect(nameOfValue('part', 'validation')).toBe('Validation')
  expect(nameOfValue('size', '640×4800')).toBe('640 × 4,800')
  expect(nameOfValue('bit_depth', '16')).toBe('16 bit')
  expect(nameOfValue('class', 'label:3', [{ value: 'label:3', label: 'WBC ' }])).toBe('WBC␣')
  expect(nameOfValue('finding', 'box_zero_size')).toBe('box_zero_size')
})
