import { IconRuler2, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { count } from '@/parts/format'
import { isDrawn } from '@/parts/labels'
import { useLabels, useViewer } from '../hooks/useViewer'
import { type Look, lookKey } from '../model/address'
import { lengthOf, lengthText } from '../model/geometry'
import { type ClassAmount, countsOf, lookOf, onlyKey, toggledKey, withLook } from '../model/marks'
import { patch, useStore } from '../model/store'
import { IconButton } from './IconButton'
import { LookRow } from './LookRow'
import { Section } from './Section'

type AnnotationSet = Schemas['AnnotationSetView']

/** A set with more classes shows those of the picture first. */
const MOST_AT_ONCE = 12

/** The classes of each set with what the picture has of them, and what was measured. */
export function LabelsSection() {
  const { show } = useViewer()
  const labels = useLabels()
  // Of shapes the value is how many pixels they cover, which stands with their class.
  const values = labels.filter((label) => label.value !== null && !isDrawn(label))
  return (
    <Section title="Labels">
      {show.annotation_sets.length === 0 && <div className="m3 s12">The dataset has no annotations.</div>}
      {show.annotation_sets.map((set) => (
        <SetClasses key={set.name} set={set} />
      ))}
      {values.map((label, index) => (
        <div key={index} className="row label-line">
          <bdi className="el">{label.class ?? label.set}</bdi>
          <span className="right num-tab">{label.value}</span>
        </div>
      ))}
      {labels.some((label) => label.kind === 'nothing') && (
        <div className="m3 s12">Nothing here, says a label.</div>
      )}
      <Measures />
    </Section>
  )
}

/** The classes of a set, with what the picture has of each. */
export function SetClasses({ set }: { set: AnnotationSet }) {
  const { state: store } = useViewer()
  const state = useStore(store)
  const [open, setOpen] = useState<string | null>(null)
  const [isWhole, setWhole] = useState(false)
  const counts = countsOf(useLabels(), set.name)
  const keys = set.classes.map(({ id }) => lookKey(set.name, id))
  const here = set.classes.filter(({ id }) => counts.has(id) || state.hidden.includes(lookKey(set.name, id)))
  const shown = isWhole || set.classes.length <= MOST_AT_ONCE ? set.classes : here
  const change = (key: string, look: Look) => patch(store, { looks: withLook(state.looks, key, look) })
  return (
    <div className="label-set">
      <div className="row s12 m3">
        <bdi className="el">{set.name}</bdi>
        <span className="nowrap">{set.task.replace('_', ' ')}</span>
      </div>
      {shown.map(({ id, name, color }) => {
        const key = lookKey(set.name, id)
        const amount = counts.get(id)
        return (
          <LookRow
            key={key}
            name={name}
            color={lookOf(state, set.name, id, color).color}
            opacity={state.looks[key]?.opacity ?? 100}
            isShown={state.labels && !state.hidden.includes(key)}
            isOpen={open === key}
            aside={amount === undefined ? '–' : amountText(set, amount)}
            toggle={(isAlone) =>
              patch(store, {
                labels: true,
                hidden: isAlone ? onlyKey(state.hidden, keys, key) : toggledKey(state.hidden, key),
              })
            }
            open={() => setOpen(open === key ? null : key)}
            setOpacity={(opacity) => change(key, { opacity })}
            setColor={(chosen) => change(key, { color: chosen ?? undefined })}
          />
        )
      })}
      {shown.length < set.classes.length && (
        <button type="button" className="plain acc s12" onClick={() => setWhole(true)}>
          All {count(set.classes.length)} classes
        </button>
      )}
    </div>
  )
}

/** "12,345 px" of a segmentation, whose objects may be parts of one; of points and lines, and else, how many. */
function amountText(set: AnnotationSet, { count: number, pixels }: ClassAmount): string {
  return set.task === 'segmentation' && pixels > 0 ? `${count(pixels)} px` : count(number)
}

function Measures() {
  const { spacing, state: store } = useViewer()
  const { measures } = useStore(store)
  return measures.map(([from, to], index) => (
    <div key={index} className="row label-line">
      <IconRuler2 size={14} stroke={1.7} className="m3" aria-hidden />
      <span>Length</span>
      <span className="right num-tab">{lengthText(lengthOf(from, to, spacing))}</span>
      <IconButton
        icon={IconTrash}
        label="Remove the measure"
        isSmall
        onClick={() => patch(store, { measures: measures.filter((_, other) => other !== index) })}
      />
    </div>
  ))
}
