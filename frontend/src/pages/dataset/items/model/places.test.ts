import { filtersIn } from './filters'
import { viewerAddress } from './places'

test('the viewer gets the item, the list and what is hidden', () => {
  const filters = filtersIn(new URLSearchParams('part=test&search=a b'))
  expect(viewerAddress('a/b', 'x/ü&1.png', filters, new Set(['@label']), 2)).toBe(
    '/datasets/a%2Fb/view?version=2&part=test&search=a+b&hide=%40label&item=x%2F%C3%BC%261.png',
  )
})
