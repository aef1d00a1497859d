/** How the classes of a label raster are drawn. All are pure. */

import { lookKey, type ViewerState } from '../../model/address'
import { isShown, lookOf, onlyKey, toggledKey, withLook } from '../../model/marks'

type State = Pick<ViewerState, 'labels' | 'hidden' | 'looks'>

interface LabelClass {
  id: number
  color: string
  ignore: boolean
}

export interface ClassLook {
  key: string
  color: string
  /** 0 to 100 */
  opacity: number
  isShown: boolean
}

/** What training leaves out lets the picture through, until a person wants to see it. */
export function classLook(state: State, set: string, { id, color, ignore }: LabelClass): ClassLook {
  const key = lookKey(set, id)
  const look = lookOf(state, set, id, color)
  const opacity = ignore && state.looks[key]?.opacity === undefined ? 0 : look.opacity * 100
  return { key, color: look.color, opacity, isShown: opacity > 0 && isShown(state, set, id) }
}

/** The state after the eye of a class was pressed; `keys` are those of all classes where it is to be alone. */
export function eyed(state: State, look: ClassLook, keys: readonly string[] | null): State {
  const { key } = look
  const hidden =
    keys !== null
      ? onlyKey(state.hidden, keys, key)
      : look.isShown || state.hidden.includes(key)
        ? toggledKey(state.hidden, key)
        : [...state.hidden]
  const isClear = !look.isShown && look.opacity === 0
  return { labels: true, hidden, looks: isClear ? withLook(state.looks, key, { opacity: 100 }) : state.looks }
}
