import {
  IconAlertCircle,
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconInfoCircle,
  IconTrash,
} from '@tabler/icons-react'
import { Link } from 'react-router'
import { moment, when } from '@/parts/format'
import type { Notification } from './useNotifications'

const ICONS: Record<string, { icon: typeof IconInfoCircle; className: string }> = {
  dataset_ready: { icon: IconCircleCheck, className: 'good' },
  dataset_failed: { icon: IconAlertCircle, className: 'bad' },
  needs_decision: { icon: IconAlertTriangle, className: 'warn' },
  trashed: { icon: IconTrash, className: 'm3' },
  restored: { icon: IconArrowBackUp, className: 'm3' },
}

/** One thing that happened, leading to where it can be looked at. */
export function NotificationLine({ notification, close }: { notification: Notification; close: () => void }) {
  const { icon: Icon, className } = ICONS[notification.kind] ?? { icon: IconInfoCircle, className: 'm3' }
  return (
    <li>
      <Link
        to={addressOf(notification)}
        className={`bell-line ${notification.read ? '' : 'unread'}`}
        onClick={close}
      >
        <Icon size={16} stroke={1.7} className={className} aria-hidden />
        <span className="col grow">
          <bdi className="b bell-text">{notification.title}</bdi>
          {notification.text !== '' && <bdi className="m2 s12 bell-text">{notification.text}</bdi>}
        </span>
        <time className="m3 s11 nowrap" title={moment(notification.at)}>
          {when(notification.at)}
        </time>
      </Link>
    </li>
  )
}

function addressOf({ dataset, job, kind }: Notification): string {
  if (kind === 'dataset_failed' && job !== null) return `/jobs/${job}`
  if (dataset !== null) return `/datasets/${encodeURIComponent(dataset.name)}`
  return job === null ? '/datasets' : `/jobs/${job}`
}
