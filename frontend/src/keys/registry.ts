import { useEffect, useRef, useSyncExternalStore } from 'react'
import { comboOf } from './combo'

/** Something that a key does. `combo` is the default; people can change it, by `id`. */
export interface KeyAction {
  id: string
  combo: string | readonly string[]
  label: string
  group: string
  run: (event: KeyboardEvent) => void
  /** False: the key is not for this action here, and does what it does without it. */
  when?: (event: KeyboardEvent) => boolean
}

const STORED = 'triptych.keys'
const SEQUENCE_MS = 1000

type Listener = () => void
const active = new Set<{ current: readonly KeyAction[] }>()
const listeners = new Set<Listener>()
let changed = readChanged()
let snapshot: readonly KeyAction[] = []
let pending = ''
let pendingSince = 0

function readChanged(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}') as Record<string, string>
  } catch {
    return {}
  }
}

function notify() {
  snapshot = [...active].flatMap((holder) => holder.current)
  listeners.forEach((listener) => listener())
}

/** The combinations of an action, as changed by the person. */
export function combosOf(action: Pick<KeyAction, 'id' | 'combo'>): readonly string[] {
  const own = changed[action.id]
  if (own !== undefined) return [own]
  return typeof action.combo === 'string' ? [action.combo] : action.combo
}

/** Gives an action another combination; null gives it back its own. */
export function changeKey(id: string, combo: string | null): void {
  const others = Object.fromEntries(Object.entries(changed).filter(([key]) => key !== id))
  changed = combo === null ? others : { ...others, [id]: combo }
  localStorage.setItem(STORED, JSON.stringify(changed))
  notify()
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

function handle(event: KeyboardEvent) {
  if (event.defaultPrevented) return
  const combo = comboOf(event)
  if (combo === '') return
  if (isTyping(event.target) && !combo.startsWith('Ctrl+') && combo !== 'Escape') return
  // A dialog has the keyboard to itself.
  if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return
  // Enter and the space bar press what has the focus.
  const pressed =
    event.target instanceof HTMLElement && event.target.closest('button, a[href], [role="option"]')
  if (pressed !== null && pressed !== false && (combo === 'Enter' || combo === 'Space')) return
  const sequence =
    pending !== '' && event.timeStamp - pendingSince < SEQUENCE_MS ? `${pending} ${combo}` : combo
  const holders = [...active].reverse()
  for (const wanted of sequence === combo ? [combo] : [sequence, combo]) {
    for (const holder of holders) {
      const action = holder.current.find(
        (each) => combosOf(each).includes(wanted) && each.when?.(event) !== false,
      )
      if (action !== undefined) {
        pending = ''
        event.preventDefault()
        action.run(event)
        return
      }
    }
  }
  pending = combo
  pendingSince = event.timeStamp
}

/** Binds keys while the component is shown; what is bound last goes first. */
export function useKeys(actions: readonly KeyAction[]): void {
  const holder = useRef(actions)
  useEffect(() => {
    holder.current = actions
  })
  useEffect(() => {
    if (active.size === 0) window.addEventListener('keydown', handle)
    active.add(holder)
    notify()
    return () => {
      active.delete(holder)
      if (active.size === 0) window.removeEventListener('keydown', handle)
      notify()
    }
  }, [])
}

/** Every key that does something on the page as it is. */
export function useBoundKeys(): readonly KeyAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => snapshot,
  )
}
