import KeysHelp from '@/keys/KeysHelp'
import { type KeyAction, useKeys } from '@/keys/registry'
import { turn } from '../hooks/useActions'
import type { Chrome } from '../hooks/useChrome'
import { useViewer, type Viewer } from '../hooks/useViewer'
import { patch } from '../model/store'
import { actionsOf, cursor, isMenuOpen } from '../ViewerKeys'
import { type Raster, useRaster } from './hooks/useRaster'
import { firstDisplay, presetsOf } from './model/display'

/** Every key of the viewer of rasters, and the dialog that shows them. */
export function RasterKeys({ chrome }: { chrome: Chrome }) {
  const viewer = useViewer()
  const raster = useRaster()
  const [size] = viewer.item.layers
  useKeys([
    ...travel(viewer, raster),
    ...tools(viewer, chrome),
    ...view(viewer, raster, chrome),
    ...presets(viewer, raster),
    ...(size === undefined ? [] : cursor(viewer, size)),
  ])
  return <KeysHelp opened={chrome.keys} close={() => chrome.close('keys')} />
}

function travel({ step }: Viewer, { moments, rightAt, goTo }: Raster): KeyAction[] {
  const action = actionsOf('Items and dates')
  const items = [
    action('previous', 'ArrowLeft', 'Previous item', () => step(-1)),
    action('next', 'ArrowRight', 'Next item', () => step(1)),
  ]
  if (moments.length < 2) return items
  return [
    ...items,
    action('date-before', 'ArrowUp', 'Date before', () => goTo(rightAt - 1)),
    action('date-after', 'ArrowDown', 'Date after', () => goTo(rightAt + 1)),
    action('first-date', 'Home', 'First date', () => goTo(0)),
    action('last-date', 'End', 'Last date', () => goTo(moments.length - 1)),
  ]
}

function tools({ tool, leave, map }: Viewer, chrome: Chrome): KeyAction[] {
  const action = actionsOf('Dragging')
  return [
    action('pan', 'h', 'Move by dragging', () => tool.set('pan')),
    action('zoom', 'z', 'Zoom by dragging', () => tool.set('zoom')),
    action('measure', 'm', 'Measure a length', () => tool.set(tool.get() === 'measure' ? 'pan' : 'measure')),
    action('back', 'Escape', 'Back or close', () => {
      if (map?.abandonMeasure() === true) return
      if (chrome.tags) chrome.close('tags')
      else if (tool.get() === 'measure') tool.set('pan')
      else if (!isMenuOpen()) leave()
    }),
  ]
}

function view(viewer: Viewer, { toggleSwipe }: Raster, chrome: Chrome): KeyAction[] {
  const action = actionsOf('View')
  const { state, map } = viewer
  const flip = (name: 'smooth' | 'labels') => patch(state, { [name]: !state.get()[name] })
  return [
    action('fit', '0', 'All of the chip', () => map?.camera.fit()),
    action('actual', '1', 'One pixel for one', () => map?.camera.actual()),
    action('nearer', '+', 'Nearer', () => map?.camera.zoomBy(1.25)),
    action('farther', '-', 'Farther', () => map?.camera.zoomBy(0.8)),
    action('turn', 'r', 'Turn right', () => turn(viewer)),
    action('swipe', 's', 'Swipe', toggleSwipe),
    action('labels', 'l', 'Labels', () => flip('labels')),
    action('smooth', 'n', 'Pixels exact or smooth', () => flip('smooth')),
    action('tags', 't', 'Metadata', () => chrome.toggle('tags')),
    action('panel', 'p', 'Panel', () => chrome.toggle('panel')),
    { id: 'keys', combo: '?', label: 'All keys', group: 'Everywhere', run: () => chrome.toggle('keys') },
  ]
}

function presets({ item }: Viewer, { edited, setDisplay }: Raster): KeyAction[] {
  const action = actionsOf('Bands')
  if (edited === null) return []
  const { layer, display } = edited
  return presetsOf(layer, item.indices)
    .slice(0, 9)
    .map((preset, index) =>
      action(`preset-${index + 1}`, `Shift+${index + 1}`, `Show: ${preset.label}`, () => {
        const { stretch } = firstDisplay(layer)
        setDisplay({
          ...display,
          bands: preset.bands,
          formula: preset.formula,
          stretch: display.stretch.of === 'own' ? stretch : display.stretch,
        })
      }),
    )
}
