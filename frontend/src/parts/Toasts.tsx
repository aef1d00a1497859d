import { useNotifications } from '@mantine/notifications'
import { lazy } from 'react'
import { WhenFirst } from './WhenFirst'

const Notifications = lazy(() => import('./ToastsDrawn'))

/** Where messages appear; loaded with the first of them. */
export function Toasts() {
  const { notifications, queue } = useNotifications()
  return (
    <WhenFirst needed={notifications.length + queue.length > 0}>
      <Notifications position="bottom-right" autoClose={6000} limit={4} />
    </WhenFirst>
  )
}
