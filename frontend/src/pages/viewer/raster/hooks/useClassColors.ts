import { useMemo } from 'react'
import type { Viewer } from '../../hooks/useViewer'
import { useStore } from '../../model/store'
import { classLook } from '../model/classes'
import { labelsOf } from '../model/shown'

export interface ClassColors {
  /** Places in the list of colours by the class's id, from 1. */
  places: ReadonlyMap<number, number>
  /** "rgba(0,158,115,1)"; those that are not shown let everything through. */
  colors: readonly string[]
}

type AnnotationSet = Viewer['show']['annotation_sets'][number]

/** Entries of a texture of bytes, without that of what is no class. */
const MOST = 254

/** The set whose classes a chip's label raster has: the one called like it, else the first of areas. */
export function setOf(sets: readonly AnnotationSet[], layer: string | undefined): AnnotationSet | null {
  const areas = sets.filter(({ task }) => task === 'segmentation')
  return areas.find(({ name }) => name === layer) ?? areas[0] ?? null
}

/** The colours of the classes as the state has them. */
export function useClassColors({ show, item, state: store }: Viewer): ClassColors {
  const state = useStore(store)
  const { hidden, looks, labels } = state
  const set = setOf(show.annotation_sets, labelsOf(item)[0]?.name)
  return useMemo(() => {
    const classes = set?.classes.slice(0, MOST) ?? []
    const places = new Map(classes.map(({ id }, index) => [id, index + 1]))
    const colors = classes.map((each) => {
      const look = classLook({ hidden, looks, labels }, set?.name ?? '', each)
      return rgba(look.color, look.isShown ? look.opacity / 100 : 0)
    })
    return { places, colors }
  }, [set, hidden, looks, labels])
}

function rgba(color: string, opacity: number): string {
  const value = Number.parseInt(color.slice(1), 16)
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`
}
