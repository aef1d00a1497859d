import { Button, Menu, SegmentedControl, Slider, Tooltip } from '@mantine/core'
import {
  IconAdjustmentsHorizontal,
  IconChevronDown,
  IconLayoutGrid,
  IconList,
  IconMap2,
  IconPhoto,
  IconStack2,
  IconWand,
} from '@tabler/icons-react'
import { count } from '@/parts/format'
import { useDataset } from '../useDataset'
import { MapMenus } from './map/MapMenus'
import { OverlaysMenu } from './OverlaysMenu'
import { SearchField } from './SearchField'
import { CELL_LEAST, CELL_MOST } from './useCellSize'
import { type Grouping, GROUPINGS, groupingsOf } from './useGroups'
import type { ItemList } from './useItems'
import { kindOf, type View } from './useView'

interface ToolbarProps {
  view: View
  list: ItemList
  cell: number
  setCell: (cell: number) => void
  openFacets: () => void
}

const ICON = { size: 14, stroke: 1.7, 'aria-hidden': true } as const

/** How the items are shown: as pictures or lines, with which labels, grouped how, how large. */
export function Toolbar({ view, list, cell, setCell, openFacets }: ToolbarProps) {
  const { show } = useDataset()
  const { total, exact } = list
  const groupings = groupingsOf(show)
  const deep = show.layers.some((layer) => layer.bit_depths.some((depth) => depth > 8))
  return (
    <div className="toolbar items-toolbar">
      {view.drawer && (
        <>
          <Button leftSection={<IconAdjustmentsHorizontal {...ICON} />} onClick={openFacets}>
            Filters
          </Button>
          <div className="items-short-search">
            <SearchField view={view} />
          </div>
        </>
      )}
      <SegmentedControl
        aria-label="How items are shown"
        value={view.kind}
        onChange={(value) => view.setKind(kindOf(value))}
        data={[
          { value: 'grid', label: <Choice icon={<IconLayoutGrid {...ICON} />} text="Grid" /> },
          { value: 'table', label: <Choice icon={<IconList {...ICON} />} text="Table" /> },
          ...(show.modality === 'geospatial'
            ? [{ value: 'map', label: <Choice icon={<IconMap2 {...ICON} />} text="Map" /> }]
            : []),
        ]}
      />
      <span className="m2 nowrap num-tab" aria-live="polite">
        <b className="items-total">{total === null ? '…' : `${exact ? '' : '≥ '}${count(total)}`}</b>{' '}
        {total === 1 ? 'item' : 'items'}
      </span>
      {deep && view.kind !== 'map' && (
        <span className="chip items-brightened">
          <IconWand {...ICON} />
          Dark pictures are brightened here, not in the data
        </span>
      )}
      <span className="grow" />
      {view.kind === 'map' ? (
        <MapMenus />
      ) : (
        <OverlaysMenu sets={show.annotation_sets} hidden={view.hidden} setHidden={view.setHidden} />
      )}
      {groupings.length > 1 && view.kind !== 'map' && <GroupMenu view={view} groupings={groupings} />}
      {view.kind === 'grid' && <CellSize cell={cell} setCell={setCell} />}
    </div>
  )
}

function Choice({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className="row items-choice">
      {icon}
      {text}
    </span>
  )
}

function GroupMenu({ view, groupings }: { view: View; groupings: readonly Grouping[] }) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className="quiet"
          leftSection={<IconStack2 {...ICON} />}
          rightSection={<IconChevronDown {...ICON} />}
        >
          {GROUPINGS[view.grouping]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groupings.map((each) => (
          <Menu.Item
            key={each}
            onClick={() => view.setGrouping(each)}
            aria-current={each === view.grouping ? 'true' : undefined}
          >
            {GROUPINGS[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function CellSize({ cell, setCell }: { cell: number; setCell: (cell: number) => void }) {
  return (
    <Tooltip label="Size of the pictures (+ and −)">
      <span className="row items-size">
        <IconPhoto size={14} stroke={1.7} aria-hidden />
        <Slider
          thumbLabel="Size of the pictures"
          min={CELL_LEAST}
          max={CELL_MOST}
          step={4}
          value={cell}
          onChange={setCell}
          label={null}
          size={2}
          thumbSize={12}
          className="grow"
        />
        <IconPhoto size={18} stroke={1.5} aria-hidden />
      </span>
    </Tooltip>
  )
}
