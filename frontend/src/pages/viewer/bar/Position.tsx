import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { count } from '@/parts/format'
import { useIsSettled, useViewer } from '../hooks/useViewer'
import { IconButton } from '../panel/IconButton'

/** Which item of the list it is, with the ones before and after. */
export function Position() {
  const { item, step } = useViewer()
  const isSettled = useIsSettled()
  return (
    <span className="row vbar-position">
      <IconButton
        icon={IconChevronLeft}
        label="Previous item"
        keys="←"
        isSmall
        disabled={isSettled && item.previous === null}
        onClick={() => step(-1)}
      />
      <PositionText />
      <IconButton
        icon={IconChevronRight}
        label="Next item"
        keys="→"
        isSmall
        disabled={isSettled && item.next === null}
        onClick={() => step(1)}
      />
    </span>
  )
}

/** "15 of 461"; of an item that the filters leave out only how many there are. */
export function PositionText() {
  const { item } = useViewer()
  const { index, total } = item
  return (
    <span className="m2 s12 nowrap num-tab" data-testid="position">
      {index === null ? '–' : count(index + 1)} of {total === null ? '…' : count(total)}
    </span>
  )
}
