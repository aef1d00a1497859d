import { ActionIcon, Button, Popover, Tooltip } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useState } from 'react'
import { count } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { NotificationLine } from './NotificationLine'
import { useNotifications } from './useNotifications'
import './bell.css'

/** What happened to one's datasets and jobs; opening it counts as having read it. */
export function Bell() {
  const [opened, setOpened] = useState(false)
  const notifications = useNotifications()
  const { unread, items } = notifications
  const toggle = () => {
    if (!opened && unread > 0) notifications.read()
    setOpened(!opened)
  }
  const name = unread === 0 ? 'Notifications' : `Notifications, ${count(unread)} unread`
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} trapFocus>
      <Popover.Target>
        <Tooltip label="Notifications" disabled={opened}>
          <ActionIcon className="bell" aria-label={name} aria-expanded={opened} onClick={toggle}>
            <IconBell size={16} stroke={1.7} aria-hidden />
            {unread > 0 && <span className="bell-pip" />}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className="bell-list">
        <h2 className="bell-title">Notifications</h2>
        {notifications.isError && <ProblemNote error={notifications.error} />}
        {items.length === 0 && !notifications.isError && (
          <p className="m3 bell-none">Nothing yet. When a dataset is ready, or needs you, it says so here.</p>
        )}
        <ul className="bell-lines">
          {items.map((each) => (
            <NotificationLine key={each.id} notification={each} close={() => setOpened(false)} />
          ))}
        </ul>
        {notifications.hasNextPage && (
          <Button
            variant="subtle"
            loading={notifications.isFetchingNextPage}
            onClick={() => void notifications.fetchNextPage()}
          >
            Older ones
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
