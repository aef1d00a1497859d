import KeysHelp from '@/keys/KeysHelp'
import { type KeyAction, useKeys } from '@/keys/registry'
import { mirror, turn } from './hooks/useActions'
import type { Chrome } from './hooks/useChrome'
import { STACK_TITLES, usePicture, useViewer, type Viewer } from './hooks/useViewer'
import { useWindow, type Windowing } from './hooks/useWindow'
import { pixelAt } from './model/geometry'
import { patch } from './model/store'
import type { Picture } from './stage/PictureSource'
import { isDicom } from './types'

type Group = 'Items and slices' | 'Items and dates' | 'Dragging' | 'View' | 'Window' | 'Bands' | 'Cursor'

/** Makes actions of a group. */
export function actionsOf(group: Group) {
  return (id: string, combo: string, label: string, run: () => void): KeyAction => ({
    id: `viewer.${id}`,
    combo,
    label,
    group,
    run,
  })
}

/** Every key of the viewer, and the dialog that shows them. */
export function ViewerKeys({ chrome }: { chrome: Chrome }) {
  const viewer = useViewer()
  const windowing = useWindow()
  const picture = usePicture()
  useKeys([
    ...travel(viewer),
    ...tools(viewer, chrome),
    ...view(viewer, chrome),
    ...presets(viewer, windowing),
    ...cursor(viewer, picture),
  ])
  return <KeysHelp opened={chrome.keys} close={() => chrome.close('keys')} />
}

function travel({ step, stepStack, stepFrame, stepStudy, stack, goInStack, item }: Viewer): KeyAction[] {
  const action = actionsOf('Items and slices')
  const items = [
    action('previous', 'ArrowLeft', 'Previous item', () => step(-1)),
    action('next', 'ArrowRight', 'Next item', () => step(1)),
    action('previous-study', 'Alt+ArrowUp', 'Previous study', () => stepStudy(-1)),
    action('next-study', 'Alt+ArrowDown', 'Next study', () => stepStudy(1)),
  ]
  if (item.image.frames > 1) {
    items.push(
      action('frame-before', '[', 'Frame before', () => stepFrame(-1)),
      action('frame-after', ']', 'Frame after', () => stepFrame(1)),
    )
  }
  if (stack === null) return items
  const one = STACK_TITLES[stack.kind]
  const many = stack.kind === 'slice' ? 'slices' : 'frames'
  return [
    ...items,
    action('slice-up', 'ArrowUp', `${one} before`, () => stepStack(-1)),
    action('slice-down', 'ArrowDown', `${one} after`, () => stepStack(1)),
    action('ten-up', 'PageUp', `Ten ${many} back`, () => stepStack(-10)),
    action('ten-down', 'PageDown', `Ten ${many} on`, () => stepStack(10)),
    action('first-slice', 'Home', `First ${stack.kind}`, () => goInStack(0)),
    action('last-slice', 'End', `Last ${stack.kind}`, () => goInStack(stack.count - 1)),
  ]
}

function tools({ tool, leave, isColor, map }: Viewer, chrome: Chrome): KeyAction[] {
  const action = actionsOf('Dragging')
  return [
    action('window', 'w', isColor ? 'Brightness and contrast by dragging' : 'Window by dragging', () =>
      tool.set('window'),
    ),
    action('pan', 'h', 'Move by dragging', () => tool.set('pan')),
    action('zoom', 'z', 'Zoom by dragging', () => tool.set('zoom')),
    action('measure', 'm', 'Measure a length', () => tool.set(tool.get() === 'measure' ? 'pan' : 'measure')),
    action('back', 'Escape', 'Back or close', () => {
      if (map?.abandonMeasure()) return
      if (chrome.tags) chrome.close('tags')
      else if (tool.get() === 'measure') tool.set(isColor ? 'pan' : 'window')
      else if (!isMenuOpen()) leave()
    }),
  ]
}

function view(viewer: Viewer, chrome: Chrome): KeyAction[] {
  const action = actionsOf('View')
  const { state, map, item } = viewer
  const flip = (name: 'invert' | 'smooth' | 'labels') => patch(state, { [name]: !state.get()[name] })
  return [
    action('invert', 'i', 'Invert', () => flip('invert')),
    action('fit', '0', 'All of the picture', () => map?.camera.fit()),
    action('actual', '1', 'One pixel for one', () => map?.camera.actual()),
    action('nearer', '+', 'Nearer', () => map?.camera.zoomBy(1.25)),
    action('farther', '-', 'Farther', () => map?.camera.zoomBy(0.8)),
    action('turn', 'r', 'Turn right', () => turn(viewer)),
    action('mirror', 'f', 'Mirror', () => mirror(viewer)),
    action('labels', 'l', 'Labels', () => flip('labels')),
    action('smooth', 'n', 'Pixels exact or smooth', () => flip('smooth')),
    action('tags', 't', isDicom(item) ? 'Tags' : 'Metadata', () => chrome.toggle('tags')),
    action('panel', 'p', 'Panel', () => chrome.toggle('panel')),
    { id: 'keys', combo: '?', label: 'All keys', group: 'Everywhere', run: () => chrome.toggle('keys') },
  ]
}

function presets({ isColor }: Viewer, { presets: all, setWindow }: Windowing): KeyAction[] {
  const action = actionsOf('Window')
  if (isColor) return []
  return all
    .slice(0, 9)
    .map(({ id, label }, index) =>
      action(`preset-${index + 1}`, `Shift+${index + 1}`, `Window: ${label}`, () => setWindow(id)),
    )
}

/** Menus close by Escape themselves. */
export function isMenuOpen(): boolean {
  return document.querySelector('.mantine-Popover-dropdown, .mantine-Menu-dropdown') !== null
}

const FAR = 10

/** Shift with the arrows moves a cursor over the picture, by ten pixels with Ctrl. */
export function cursor(
  viewer: Pick<Viewer, 'map' | 'cursor'>,
  picture: Pick<Picture, 'width' | 'height'>,
): KeyAction[] {
  const action = actionsOf('Cursor')
  const move = (right: number, down: number) => () => {
    const { map } = viewer
    const [x, y] = viewer.cursor.get()?.point ?? map?.camera.middle() ?? [0, 0]
    const isBegun = viewer.cursor.get()?.isByKeys === true
    const along = (value: number, by: number, length: number) =>
      Math.max(0, Math.min(length - 1, Math.floor(value) + (isBegun ? by : 0))) + 0.5
    const point = [along(x, right, picture.width), along(y, down, picture.height)] as const
    if (pixelAt(picture, point) === null) return
    map?.camera.reveal(point)
    viewer.cursor.set({ point, isByKeys: true })
  }
  const directions = [
    ['left', 'ArrowLeft', -1, 0],
    ['right', 'ArrowRight', 1, 0],
    ['up', 'ArrowUp', 0, -1],
    ['down', 'ArrowDown', 0, 1],
  ] as const
  return directions.flatMap(([name, key, right, down]) => [
    action(`cursor-${name}`, `Shift+${key}`, `Cursor ${name}`, move(right, down)),
    action(
      `cursor-far-${name}`,
      `Ctrl+Shift+${key}`,
      `Cursor ${name}, ten pixels`,
      move(right * FAR, down * FAR),
    ),
  ])
}
