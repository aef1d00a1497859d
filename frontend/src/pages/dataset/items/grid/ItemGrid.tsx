import { useMemo } from 'react'
import type { Group, Layout, Row } from '../model/layout'
import type { Hidden } from '../model/overlays'
import { thumbnailSize } from '../model/pictures'
import { has } from '../model/selection'
import type { Choosing } from '../useChoosing'
import { folderOf } from '../useGroups'
import type { ItemList } from '../useItems'
import type { Titles } from '../useTitles'
import { Cell } from './Cell'
import { VirtualGrid } from './VirtualGrid'

export interface ItemViewProps {
  list: ItemList
  groups: readonly Group[]
  choosing: Choosing
  hidden: Hidden
  prefix: string | null
  start: number
  rested: (index: number) => void
  open: (index: number) => void
  hrefOf: (key: string) => string
  narrow: boolean
  /** What studies and series are called. */
  called: Titles
}

const GAP = 8
const NARROW_GAP = 4
const CAPTION = 18
const CHIPS = 22
const HEAD = 36

interface ItemGridProps extends ItemViewProps {
  cell: number
  aspect: number
  /** Whether classes of whole pictures stand below the names. */
  chips: boolean
}

/** Items as pictures. */
export function ItemGrid(props: ItemGridProps) {
  const { list, choosing, aspect, cell, chips, narrow } = props
  const measures = useMemo(
    () => ({
      cell,
      gap: narrow ? NARROW_GAP : GAP,
      rowGap: narrow ? NARROW_GAP : 10,
      aspect,
      caption: narrow ? 0 : CAPTION + (chips ? CHIPS : 0),
      head: HEAD,
    }),
    [cell, aspect, chips, narrow],
  )
  const row = ({ section, first, count }: Row, layout: Layout, focus: number | null) => (
    <div
      className="items-cells"
      role="presentation"
      style={{ columnGap: measures.gap, gridTemplateColumns: `repeat(${layout.columns}, minmax(0, 1fr))` }}
    >
      {Array.from({ length: count }, (_, column) => {
        const index = first + column
        const item = list.item(index)
        return (
          <Cell
            key={index}
            item={item}
            index={index}
            column={column}
            selected={item !== undefined && has(choosing.selection, item.key)}
            focused={index === focus}
            href={item === undefined ? '' : props.hrefOf(item.key)}
            prefix={section.title === null ? props.prefix : folderOf(section)}
            hidden={props.hidden}
            aspect={aspect}
            pictureHeight={layout.pictureHeight}
            thumbnail={thumbnailSize(layout.cellWidth, window.devicePixelRatio)}
            chips={chips && !narrow}
            bare={narrow}
          />
        )
      })}
    </div>
  )
  return <VirtualGrid {...props} measures={measures} gutter={narrow ? 12 : 20} row={row} />
}
