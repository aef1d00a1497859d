import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { ClassChips } from '@/parts/ClassChips'
import { bytes, count, visibleEnd } from '@/parts/format'
import { chipsOf, countClasses, isDrawn } from '@/parts/labels'
import { Name } from '@/parts/Name'
import { partOf } from '../model/caption'
import type { Row } from '../model/layout'
import { type Hidden, shownLabels } from '../model/overlays'
import { has } from '../model/selection'
import type { Item } from '../useItems'
import type { ItemViewProps } from './ItemGrid'
import type { Titles } from '../useTitles'
import { VirtualGrid } from './VirtualGrid'

const MEASURES = { cell: 1, gap: 0, rowGap: 0, aspect: null, caption: 44, head: 36 }
const TITLES = ['Picture', 'Name', 'Study', 'Series', 'Size', 'Depth', 'File', 'Labels', 'Split', 'Findings']
const TITLES_HEIGHT = 31

/** Items as lines with what is known of each. */
export function ItemTable(props: ItemViewProps) {
  const { list, choosing } = props
  const row = ({ first }: Row, _: unknown, focus: number | null) => {
    const item = list.item(first)
    const selected = item !== undefined && has(choosing.selection, item.key)
    return (
      <div className={`item-line ${selected ? 'sel' : ''}`} role="presentation" data-index={first}>
        <Line
          item={item}
          index={first}
          selected={selected}
          focused={first === focus}
          hidden={props.hidden}
          called={props.called}
          href={item === undefined ? '' : props.hrefOf(item.key)}
        />
      </div>
    )
  }
  const titles = (
    <div className="item-titles" role="row">
      <span role="columnheader" aria-label="Selected" />
      {TITLES.map((title) => (
        <span key={title} role="columnheader">
          {title}
        </span>
      ))}
    </div>
  )
  return (
    <VirtualGrid
      {...props}
      measures={MEASURES}
      gutter={20}
      titles={titles}
      titlesHeight={TITLES_HEIGHT}
      row={row}
    />
  )
}

interface LineProps {
  item: Item | undefined
  index: number
  selected: boolean
  focused: boolean
  hidden: Hidden
  called: Titles
  href: string
}

function Line({ item, index, selected, focused, hidden, called, href }: LineProps) {
  const name = {
    role: 'gridcell',
    tabIndex: focused ? 0 : -1,
    'data-index': index,
    'data-key': item?.key,
    'aria-selected': selected,
  } as const
  if (item === undefined) {
    return (
      <div {...name} className="item-line-waits" aria-label="Loading">
        <span className="item-waits" />
      </div>
    )
  }
  const part = partOf(item.part)
  return (
    <>
      <span role="gridcell" className="item-line-tick" data-tick>
        <span className={`cb ${selected ? 'on' : ''}`}>
          {selected && <IconCheck className="i" size={11} stroke={3} aria-hidden />}
        </span>
      </span>
      <span role="gridcell" className="item-line-picture">
        <Link to={href} tabIndex={-1} aria-hidden>
          <img src={`${item.thumbnail}?size=160`} alt="" decoding="async" draggable={false} />
        </Link>
      </span>
      <div {...name} aria-label={visibleEnd(item.key)} className="item-line-name">
        <Link to={href} tabIndex={-1} className="row">
          <Name text={item.key} file />
        </Link>
      </div>
      <Text text={item.study} title={called.study.get(item.study)} />
      <Text text={item.series ?? '–'} title={called.series.get(item.series ?? '')} />
      <span role="gridcell" className="num-tab nowrap">
        {count(item.width)} × {count(item.height)}
      </span>
      <span role="gridcell" className="num-tab nowrap">
        {item.bit_depth} bit{item.bands.length > 1 ? `, ${item.bands.length} bands` : ''}
      </span>
      <span role="gridcell" className="num-tab nowrap">
        {bytes(item.bytes)}
      </span>
      <span role="gridcell" className="el">
        <Labels item={item} hidden={hidden} />
      </span>
      <span role="gridcell">{part?.word ?? '–'}</span>
      <span role="gridcell" className="row">
        {item.severity === null && '–'}
        {item.severity === 'note' && <span className="m2">Note</span>}
        {item.severity !== null && item.severity !== 'note' && (
          <>
            <IconAlertTriangle size={14} stroke={1.7} className="warn" aria-hidden /> Finding
          </>
        )}
      </span>
    </>
  )
}

/** What it is called; the name that it goes by lies behind it. */
function Text({ text, title = text }: { text: string; title?: string | undefined }) {
  return (
    <span role="gridcell" className="el m2" title={visibleEnd(text)}>
      <bdi>{visibleEnd(title)}</bdi>
    </span>
  )
}

function Labels({ item, hidden }: { item: Item; hidden: Hidden }) {
  const shown = shownLabels(item.labels, hidden)
  const boxes = countClasses(shown.filter(isDrawn))
  const hasChips = chipsOf(shown).length > 0
  return (
    <span className="row item-labels">
      {boxes.map((each) => (
        <span key={each.key} className="row item-count" title={`${each.name}: ${count(each.count)}`}>
          <span className="sq" style={{ background: each.color }} />
          {count(each.count)}
        </span>
      ))}
      {(hasChips || boxes.length === 0) && <ClassChips labels={shown} most={2} />}
    </span>
  )
}
