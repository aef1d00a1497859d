import { IconEye, IconEyeOff, IconPhoto, IconShape } from '@tabler/icons-react'
import { useState } from 'react'
import { OVERLAYS } from '../hooks/useOverlays'
import { useViewer } from '../hooks/useViewer'
import { type Look, lookKey } from '../model/address'
import { onlyKey, toggledKey, withLook } from '../model/marks'
import { patch, useStore } from '../model/store'
import { IconButton } from './IconButton'
import { LookRow } from './LookRow'
import { Section } from './Section'

const PICTURE = 'picture'

/** The looks with overlays on or off: they are on while they have a look. */
function switched({ [OVERLAYS]: overlays, ...others }: Readonly<Record<string, Look>>): Record<string, Look> {
  return overlays === undefined ? { ...others, [OVERLAYS]: { opacity: 100 } } : others
}

/** What lies on the stage: annotation sets above, the picture below. */
export function LayersSection() {
  const { show, item, state: store } = useViewer()
  const state = useStore(store)
  const [open, setOpen] = useState<string | null>(null)
  const sets = show.annotation_sets
  const keys = sets.map(({ name }) => lookKey(name))
  const change = (key: string, look: Look) => patch(store, { looks: withLook(state.looks, key, look) })
  const toggle = (key: string, isAlone: boolean) => {
    const hidden = isAlone ? onlyKey(state.hidden, keys, key) : toggledKey(state.hidden, key)
    patch(store, { hidden, labels: true })
  }
  const overlays = state.looks[OVERLAYS]
  const isOpen = (key: string) => (open === key ? null : key)
  return (
    <Section
      title="Layers"
      actions={
        sets.length > 0 && (
          <IconButton
            icon={state.labels ? IconEye : IconEyeOff}
            label="Labels"
            keys="L"
            isSmall
            isPlain
            isOn={state.labels}
            onClick={() => patch(store, { labels: !state.labels })}
          />
        )
      }
    >
      {sets.map(({ name }) => {
        const key = lookKey(name)
        const look = state.looks[key] ?? {}
        return (
          <LookRow
            key={key}
            name={name}
            icon={<IconShape size={14} stroke={1.7} aria-hidden />}
            {...(look.color === undefined ? {} : { color: look.color })}
            opacity={look.opacity ?? 100}
            isShown={state.labels && !state.hidden.includes(key)}
            isOpen={open === key}
            toggle={(isAlone) => toggle(key, isAlone)}
            open={() => setOpen(isOpen(key))}
            setOpacity={(opacity) => change(key, { opacity })}
            setColor={(color) => change(key, { color: color ?? undefined })}
          />
        )
      })}
      {item.image.overlays && (
        <LookRow
          name="Overlays"
          icon={<IconShape size={14} stroke={1.7} aria-hidden />}
          color={overlays?.color ?? '#ffffff'}
          opacity={overlays?.opacity ?? 100}
          isShown={overlays !== undefined}
          isOpen={open === OVERLAYS}
          toggle={() => patch(store, { looks: switched(state.looks) })}
          open={() => setOpen(isOpen(OVERLAYS))}
          setOpacity={(opacity) => change(OVERLAYS, { opacity })}
          setColor={(color) => change(OVERLAYS, { color: color ?? undefined })}
        />
      )}
      <LookRow
        name={`${item.image.format || 'Picture'}, ${item.image.bit_depth} bit`}
        icon={<IconPhoto size={14} stroke={1.7} aria-hidden />}
        opacity={state.opacity}
        isShown={state.opacity > 0}
        isOpen={open === PICTURE}
        toggle={() => patch(store, { opacity: state.opacity > 0 ? 0 : 100 })}
        open={() => setOpen(isOpen(PICTURE))}
        setOpacity={(opacity) => patch(store, { opacity })}
      />
    </Section>
  )
}
