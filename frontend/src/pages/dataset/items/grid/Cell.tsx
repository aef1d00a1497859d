import { IconAlertTriangle, IconCheck, IconPhotoX } from '@tabler/icons-react'
import { memo, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { ClassChips } from '@/parts/ClassChips'
import { count, visibleEnd } from '@/parts/format'
import { LabelOverlay } from '@/parts/LabelOverlay'
import { countClasses, isDrawn } from '@/parts/labels'
import { captionOf, partOf } from '../model/caption'
import { type Hidden, shownLabels } from '../model/overlays'
import { fitOf, isExtreme } from '../model/pictures'
import type { Item } from '../useItems'
import { CellRaster } from './CellRaster'

export interface CellProps {
  item: Item | undefined
  index: number
  column: number
  selected: boolean
  focused: boolean
  /** Where the picture leads. */
  href: string
  prefix: string | null
  hidden: Hidden
  aspect: number
  pictureHeight: number
  thumbnail: number
  chips: boolean
  /** The picture alone, as on a phone. */
  bare: boolean
}

/** One item: its picture with what is labelled on it, and below its name, its counts and its part of the split. */
export const Cell = memo(function Cell(props: CellProps) {
  const { item, index, column, selected, focused } = props
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={selected}
      aria-label={item === undefined ? 'Loading' : nameOf(item)}
      tabIndex={focused ? 0 : -1}
      data-index={index}
      data-key={item?.key}
      className={`cell item-cell ${selected ? 'sel' : ''}`}
    >
      <Picture {...props} />
      {item !== undefined && !props.bare && <Caption {...props} item={item} />}
    </div>
  )
})

/** A mere note marks nothing: it stands with the item, and would stand on each of a whole series. */
function isWorthALook({ severity }: Item): boolean {
  return severity !== null && severity !== 'note'
}

/** What a screen reader says of a cell. */
function nameOf(item: Item): string {
  const classes = countClasses(item.labels).map(({ name, count: number }) => `${name} ${number}`)
  const part = partOf(item.part)?.word
  return [visibleEnd(item.key), ...classes, part, isWorthALook(item) ? 'with findings' : undefined]
    .filter(Boolean)
    .join(', ')
}

function Picture(props: CellProps) {
  const { item, href, aspect, pictureHeight, selected } = props
  const [failed, setFailed] = useState('')
  const labels = useMemo(
    () => (item === undefined ? [] : shownLabels(item.labels, props.hidden)),
    [item, props.hidden],
  )
  if (item === undefined) return <div className="pic item-waits" style={{ height: pictureHeight }} />
  const fit = fitOf(item, aspect)
  return (
    <div className={`pic ${fit === 'contain' ? 'item-whole' : ''}`} style={{ height: pictureHeight }}>
      <Link to={href} tabIndex={-1} aria-hidden className="item-link" draggable={false}>
        {failed === item.sha256 ? (
          <span className="item-broken">
            <IconPhotoX size={20} stroke={1.7} aria-hidden />
            Cannot be shown
          </span>
        ) : (
          <img
            key={item.sha256}
            src={`${item.thumbnail}?size=${props.thumbnail}`}
            alt=""
            decoding="async"
            draggable={false}
            onError={() => setFailed(item.sha256)}
          />
        )}
        <LabelOverlay labels={labels} width={item.width} height={item.height} fit={fit} />
      </Link>
      {item.files.length > 1 && <CellRaster item={item} hidden={props.hidden} fit={fit} />}
      <span className="item-marks">
        {isWorthALook(item) && (
          <span className="pill item-finding">
            <IconAlertTriangle size={11} stroke={2} aria-hidden /> Finding
          </span>
        )}
        {isExtreme(item) && (
          <span className="pill">
            {count(item.width)} × {count(item.height)}
          </span>
        )}
      </span>
      <span className="item-tick" aria-hidden data-tick>
        <span className={`cb ${selected ? 'on' : ''}`}>
          {selected && <IconCheck className="i" size={11} stroke={3} aria-hidden />}
        </span>
      </span>
    </div>
  )
}

const CLASSES_SHOWN = 3

function Caption({ item, prefix, chips, hidden }: CellProps & { item: Item }) {
  const { cut, text } = captionOf(item.key, prefix)
  const part = partOf(item.part)
  const shown = shownLabels(item.labels, hidden)
  const counts = countClasses(shown.filter(isDrawn))
  return (
    <>
      <div className="cap">
        <span className="grow item-name mono" title={visibleEnd(item.key)}>
          <bdi>
            {cut && <span className="m3">…</span>}
            {visibleEnd(text)}
          </bdi>
        </span>
        {counts.slice(0, CLASSES_SHOWN).map((each) => (
          <span key={each.key} className="row item-count" title={`${each.name}: ${count(each.count)}`}>
            <span className="sq" style={{ background: each.color }} />
            {count(each.count)}
          </span>
        ))}
        {counts.length > CLASSES_SHOWN && <span className="m3">+{counts.length - CLASSES_SHOWN}</span>}
        {part !== null && (
          <abbr className="m3" title={part.word}>
            {part.short}
          </abbr>
        )}
      </div>
      {chips && (
        <div className="item-chips">
          <ClassChips labels={shown} />
        </div>
      )}
    </>
  )
}
