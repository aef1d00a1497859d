import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'

interface FacetDrawerProps {
  opened: boolean
  close: () => void
  children: ReactNode
}

/** The filters where they have no room beside the list. */
export default function FacetDrawer({ opened, close, children }: FacetDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      title="Filters"
      size={280}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Drawer>
  )
}
