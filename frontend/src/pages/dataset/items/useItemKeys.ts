import { useKeys } from '@/keys/registry'
import { useDataset } from '../useDataset'
import { classToken, flipped, flippedAll } from './model/overlays'
import type { Changes } from './useChanges'
import type { Choosing } from './useChoosing'
import type { View } from './useView'

interface ItemKeys {
  view: View
  choosing: Choosing
  changes: Changes
  cell: number
  setCell: (cell: number) => void
}

const GROUP = 'Items'
const STEP = 24

/** Keys of the list as a whole; those of its cells are the grid's. */
export function useItemKeys({ view, choosing, changes, cell, setCell }: ItemKeys): void {
  const { show, may } = useDataset()
  const { hidden, setHidden } = view
  const [set] = show.annotation_sets
  const chosen = () => choosing.size > 0
  useKeys([
    {
      id: 'items-all',
      combo: 'Ctrl+A',
      label: 'Select all',
      group: GROUP,
      when: outsideFields,
      run: choosing.all,
    },
    {
      id: 'items-none',
      combo: 'Escape',
      label: 'Select nothing',
      group: GROUP,
      when: chosen,
      run: choosing.none,
    },
    {
      id: 'items-remove',
      combo: 'Delete',
      label: 'Remove what is selected',
      group: GROUP,
      when: () => chosen() && may('edit') && changes.busy === null,
      run: changes.remove,
    },
    {
      id: 'items-larger',
      combo: ['+', '='],
      label: 'Larger pictures',
      group: GROUP,
      run: () => setCell(cell + STEP),
    },
    {
      id: 'items-smaller',
      combo: '-',
      label: 'Smaller pictures',
      group: GROUP,
      run: () => setCell(cell - STEP),
    },
    {
      id: 'items-labels',
      combo: 'l',
      label: 'Labels on or off',
      group: GROUP,
      run: () => setHidden(flippedAll(hidden)),
    },
    {
      id: 'items-class',
      combo: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      label: 'A class on or off',
      group: GROUP,
      run: (event) => {
        const found = set?.classes[Number(event.key) - 1]
        if (set !== undefined && found !== undefined)
          setHidden(flipped(hidden, classToken(set.name, found.id)))
      },
    },
  ])
}

/** In a field Ctrl A selects its text. */
function outsideFields(event: KeyboardEvent): boolean {
  return !(event.target instanceof HTMLInputElement && event.target.type === 'text')
}
