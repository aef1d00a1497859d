import { IconChartDots, IconEye, IconEyeOff, IconPhoto, IconShape, type Icon } from '@tabler/icons-react'
import { useState } from 'react'
import { plural } from '@/parts/format'
import { useViewer } from '../../hooks/useViewer'
import { patch, useStore } from '../../model/store'
import { IconButton } from '../../panel/IconButton'
import { LookRow } from '../../panel/LookRow'
import { Section } from '../../panel/Section'
import { useRaster } from '../hooks/useRaster'
import { isDrawn, labelsOf, opacityOf, sourcesOf } from '../model/shown'
import { bandsOf, isSource, type RasterLayer } from '../types'

/** What lies on the stage, the uppermost first: labels, then the data sources. */
export function RasterLayersSection() {
  const { item, state: store } = useViewer()
  const { labels } = useStore(store)
  const { state, change, setLook, edit } = useRaster()
  const [open, setOpen] = useState<string | null>(null)
  const all = [...labelsOf(item), ...sourcesOf(item)]
  const alone = (name: string) => {
    const isAlone = all.every((layer) => isDrawn(item, layer, state) === (layer.name === name))
    const layers = { ...state.layers }
    for (const layer of all) {
      const look = { ...layers[layer.name] }
      if (isAlone) delete look.shown
      else look.shown = layer.name === name
      layers[layer.name] = look
    }
    change({ layers })
  }
  const toggle = (layer: RasterLayer, isAlone: boolean) => {
    if (isAlone) alone(layer.name)
    else setLook(layer.name, { shown: !isDrawn(item, layer, state) })
    if (!isSource(layer)) patch(store, { labels: true })
  }
  return (
    <Section
      title="Layers"
      actions={
        labelsOf(item).length > 0 && (
          <IconButton
            icon={labels ? IconEye : IconEyeOff}
            label="Labels"
            keys="L"
            isSmall
            isPlain
            isOn={labels}
            onClick={() => patch(store, { labels: !labels })}
          />
        )
      }
    >
      {all.map((layer) => {
        const Shape = iconOf(layer)
        return (
          <LookRow
            key={layer.name}
            name={nameOf(layer)}
            icon={<Shape size={14} stroke={1.7} aria-hidden />}
            opacity={opacityOf(layer, state)}
            isShown={isDrawn(item, layer, state) && (isSource(layer) || labels)}
            isOpen={open === layer.name}
            toggle={(isAlone) => toggle(layer, isAlone)}
            open={() => {
              setOpen(open === layer.name ? null : layer.name)
              if (isSource(layer)) edit(layer.name)
            }}
            setOpacity={(opacity) => setLook(layer.name, { opacity })}
          />
        )
      })}
    </Section>
  )
}

function iconOf({ role }: RasterLayer): Icon {
  if (role === 'label') return IconShape
  return role === 'target' ? IconChartDots : IconPhoto
}

/** "S2L1C, 13 bands, 8 dates". */
function nameOf(layer: RasterLayer): string {
  if (layer.role === 'label') return layer.name
  const dates = layer.dates.length > 1 ? `, ${plural(layer.dates.length, 'date')}` : ''
  return `${layer.name}, ${plural(bandsOf(layer).length, 'band')}${dates}`
}
