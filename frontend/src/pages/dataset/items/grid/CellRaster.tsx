import { RasterLabels } from '@/parts/RasterLabels'
import { useDataset } from '../../useDataset'
import type { Hidden } from '../model/overlays'
import { drawnClasses } from '../model/rasters'
import type { Item } from '../useItems'

interface CellRasterProps {
  item: Item
  hidden: Hidden
  fit: 'cover' | 'contain'
}

/** The label rasters of a chip over its picture; what is hidden, or no part of training, lets it through. */
export function CellRaster({ item, hidden, fit }: CellRasterProps) {
  const { show, version } = useDataset()
  return item.files.map(({ role, layer }) => {
    const set = role === 'label' ? show.annotation_sets.find(({ name }) => name === layer) : undefined
    const classes = set === undefined ? [] : drawnClasses(set, hidden)
    if (classes.length === 0) return null
    return (
      <RasterLabels
        // Another list of classes is another picture, which may load where one before did not.
        key={`${layer} ${classes.join()}`}
        item={item}
        dataset={`${show.id}@${version}`}
        set={layer}
        fit={fit}
        classes={classes}
      />
    )
  })
}
