import { useKeys } from '@/keys/registry'
import type { ChipMap } from './ChipMap'

interface MapKeys {
  map: ChipMap | null
  /** The chip of the card. */
  chip: string | null
  step: (by: 1 | -1) => void
  showAll: () => void
  open: (key: string) => void
  toggle: (key: string) => void
  close: () => void
  draw: () => void
}

const GROUP = 'Map'

/** Keys of the map; those of the list that mean the same of a grid are the map's here. */
export function useMapKeys({ map, chip, step, showAll, open, toggle, close, draw }: MapKeys): void {
  const hasCard = () => chip !== null
  const ofCard = (run: (key: string) => void) => () => {
    if (chip !== null) run(chip)
  }
  useKeys([
    { id: 'map-next', combo: ']', label: 'Next chip', group: GROUP, run: () => step(1) },
    { id: 'map-before', combo: '[', label: 'Chip before', group: GROUP, run: () => step(-1) },
    {
      ...{ id: 'map-open', combo: 'Enter', label: 'Open the chip of the card', group: GROUP },
      when: hasCard,
      run: ofCard(open),
    },
    {
      ...{ id: 'map-select', combo: 'Space', label: 'Select the chip of the card', group: GROUP },
      when: hasCard,
      run: ofCard(toggle),
    },
    { id: 'map-close', combo: 'Escape', label: 'Close the card', group: GROUP, when: hasCard, run: close },
    { id: 'map-all', combo: '0', label: 'All items', group: GROUP, run: showAll },
    { id: 'map-draw', combo: 'r', label: 'Select by a rectangle', group: GROUP, run: draw },
    { id: 'map-nearer', combo: ['+', '='], label: 'Nearer', group: GROUP, run: () => map?.zoomBy(1) },
    { id: 'map-farther', combo: '-', label: 'Farther', group: GROUP, run: () => map?.zoomBy(-1) },
  ])
}
