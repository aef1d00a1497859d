import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { count } from '@/parts/format'
import { useViewer } from '../../hooks/useViewer'
import { lookKey } from '../../model/address'
import { withLook } from '../../model/marks'
import { patch, useStore } from '../../model/store'
import { SetClasses } from '../../panel/LabelsSection'
import { LookRow } from '../../panel/LookRow'
import { Section } from '../../panel/Section'
import { setOf } from '../hooks/useClassColors'
import { classLook, eyed } from '../model/classes'
import { labelsOf } from '../model/shown'
import type { RasterLayer } from '../types'

/** More classes than this show those of the chip first. */
const MOST_AT_ONCE = 14

/** The classes of the chip's labels, with the share of the chip that each covers, and those of what is drawn on it. */
export function ClassesSection() {
  const { item, show } = useViewer()
  const [layer] = labelsOf(item)
  const own = layer === undefined ? null : setOf(show.annotation_sets, layer.name)
  const drawn = show.annotation_sets.filter((set) => DRAWN_TASKS.has(set.task) && set !== own)
  const told = item.labels.filter((label) => label.kind === 'class')
  if (own === null && drawn.length === 0 && told.length === 0) return null
  return (
    <Section title="Labels">
      {own !== null && layer !== undefined && <RasterClasses set={own} layer={layer} />}
      {drawn.map((set) => (
        <SetClasses key={set.name} set={set} />
      ))}
      {told.map((label, index) => (
        <div key={index} className="row label-line">
          <bdi className="el">{label.class ?? label.set}</bdi>
          {label.value !== null && <span className="right num-tab">{label.value}</span>}
        </div>
      ))}
    </Section>
  )
}

const DRAWN_TASKS: ReadonlySet<string> = new Set(['segmentation', 'detection'])

type AnnotationSet = Schemas['AnnotationSetView']

function RasterClasses({ set, layer }: { set: AnnotationSet; layer: RasterLayer }) {
  const { item, state: store } = useViewer()
  const state = useStore(store)
  const [open, setOpen] = useState<string | null>(null)
  const [isWhole, setWhole] = useState(false)
  const pixels = new Map(
    item.labels.filter((label) => label.set === set.name).map((label) => [label.class_id, label.value ?? 0]),
  )
  const all = layer.width * layer.height
  const keys = set.classes.map(({ id }) => lookKey(set.name, id))
  const byShare = set.classes.toSorted((a, b) => (pixels.get(b.id) ?? 0) - (pixels.get(a.id) ?? 0))
  const shown = isWhole || byShare.length <= MOST_AT_ONCE ? byShare : byShare.slice(0, MOST_AT_ONCE)
  return (
    <>
      {shown.map((each) => {
        const { id, name } = each
        const look = classLook(state, set.name, each)
        const { key } = look
        return (
          <LookRow
            key={id}
            name={name === String(id) ? name : `${id} ${name}`}
            color={look.color}
            opacity={look.opacity}
            isShown={look.isShown}
            isOpen={open === key}
            aside={shareText(pixels.get(id) ?? 0, all)}
            toggle={(isAlone) => patch(store, eyed(state, look, isAlone ? keys : null))}
            open={() => setOpen(open === key ? null : key)}
            setOpacity={(opacity) => patch(store, { looks: withLook(state.looks, key, { opacity }) })}
            setColor={(chosen) =>
              patch(store, { looks: withLook(state.looks, key, { color: chosen ?? undefined }) })
            }
          />
        )
      })}
      {shown.length < set.classes.length && (
        <button type="button" className="plain acc s12" onClick={() => setWhole(true)}>
          All {count(set.classes.length)} classes
        </button>
      )}
    </>
  )
}

/** "75.3 %"; "–" of a class that is not there. */
export function shareText(pixels: number, all: number): string {
  if (pixels === 0 || all === 0) return '–'
  const percent = (pixels / all) * 100
  return percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(1)} %`
}
