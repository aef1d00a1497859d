import { ActionIcon } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'

export function Bell() {
  return (
    <ActionIcon aria-label="Notifications">
      <IconBell size={16} stroke={1.7} aria-hidden />
    </ActionIcon>
  )
}
