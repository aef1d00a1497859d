import { useMemo } from 'react'
import { Link } from 'react-router'
import { count, plural } from '@/parts/format'
import { itemsAddress } from '../addresses'
import { useFacets } from '../items/Facets'
import { NO_FILTERS } from '../items/model/filters'
import { useDataset } from '../useDataset'
import { amountsText, medianText, sizesText } from './sizes'
import type { Statistics } from './types'

const NO_AREA = 'box_zero_size'

/** How large pictures and boxes are, and what among them is worth a look. */
export function SizesCard({ statistics, set }: { statistics: Statistics; set: string | null }) {
  const here = useDataset()
  const { show } = here
  const isChips = show.modality === 'geospatial'
  const counted = useCounted()
  const picture = show.layers.find((layer) => layer.role === 'image')
  const median = medianText(statistics.training?.layers[picture?.name ?? ''])
  const boxes = set === null ? undefined : statistics.boxSizes[set]
  return (
    <section className="card" aria-label="Sizes and boxes">
      <header>
        <h3 className="card-title">{boxes === undefined ? 'Sizes' : 'Sizes and boxes'}</h3>
      </header>
      <dl className="pad kv statistics-sizes">
        {picture !== undefined && (
          <>
            <dt>{isChips ? 'Chip size' : 'Picture size'}</dt>
            <dd>{sizesText(picture.sizes, show.counts.items, isChips ? 'chip' : 'picture')}</dd>
            {median !== null && (
              <>
                <dt>Median of the train part</dt>
                <dd>{median}</dd>
              </>
            )}
            <dt>Bit depth</dt>
            <dd>{picture.bit_depths.join(', ')}</dd>
          </>
        )}
        {boxes !== undefined && (
          <>
            <dt>Box width</dt>
            <dd>{boxes.width === null ? '–' : amountsText(boxes.width, ' px')}</dd>
            <dt>Box height</dt>
            <dd>{boxes.height === null ? '–' : amountsText(boxes.height, ' px')}</dd>
            <dt>Boxes per picture</dt>
            <dd>{boxes.per_item === null ? '–' : amountsText(boxes.per_item)}</dd>
          </>
        )}
        <dt>{isChips ? 'Equal chips' : 'Equal pictures'}</dt>
        <dd>
          <Counted
            number={counted('duplicates', 'exact')}
            to={itemsAddress(here, { duplicates: ['exact'] })}
          />
        </dd>
        <dt>Near duplicates</dt>
        <dd>
          <Counted number={counted('duplicates', 'near')} to={itemsAddress(here, { duplicates: ['near'] })} />
        </dd>
        {boxes !== undefined && (
          <>
            <dt>Boxes without area</dt>
            <dd className={boxes.without_area > 0 ? 'warn' : ''}>
              {counted('finding', NO_AREA) > 0 ? (
                <Link className="warn" to={itemsAddress(here, { finding: [NO_AREA] })}>
                  {count(boxes.without_area)}
                </Link>
              ) : (
                count(boxes.without_area)
              )}
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Counted({ number, to }: { number: number; to: string }) {
  return number === 0 ? 'none' : <Link to={to}>{plural(number, 'picture')}</Link>
}

/** How many pictures a value of a facet has; 0 while that is not known. */
function useCounted(): (facet: string, value: string) => number {
  const { data } = useFacets(NO_FILTERS)
  return useMemo(
    () => (facet, value) =>
      data?.facets.find((each) => each.name === facet)?.values.find((each) => each.value === value)?.count ??
      0,
    [data],
  )
}
