import { ActionIcon, Tooltip } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'

interface IconButtonProps {
  icon: Icon
  label: string
  /** The key that does the same, shown in the tooltip. */
  keys?: string
  isOn?: boolean
  isSmall?: boolean
  /** The icon itself says whether it is on. */
  isPlain?: boolean
  disabled?: boolean
  onClick: (event: React.MouseEvent) => void
}

/** A button of one icon with its name as a tooltip; `isOn` for those that stay pressed. */
export function IconButton({
  icon: Shape,
  label,
  keys,
  isOn,
  isSmall,
  isPlain,
  disabled,
  onClick,
}: IconButtonProps) {
  const size = isSmall ? 14 : 16
  return (
    <Tooltip label={keys === undefined ? label : `${label} (${keys})`}>
      <ActionIcon
        size={isSmall ? 24 : 30}
        className={`ib ${isSmall ? 'sm' : ''} ${isOn && !isPlain ? 'on' : ''}`}
        aria-label={label}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        disabled={disabled === true}
        onClick={onClick}
      >
        <Shape size={size} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
