import { Modal } from '@mantine/core'

export function JumpTo({ opened, close }: { opened: boolean; close: () => void }) {
  return <Modal opened={opened} onClose={close} title="Jump to" />
}
