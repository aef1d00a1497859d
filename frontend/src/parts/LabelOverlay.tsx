import { memo } from 'react'
import { type Label, outlinesOf } from './labels'
import './labels.css'

interface LabelOverlayProps {
  labels: readonly Label[]
  /** Of the picture, in pixels; labels are in these. */
  width: number
  height: number
  /** As the picture's object-fit, so that both lie on each other to the pixel. */
  fit: 'cover' | 'contain'
}

/** What is drawn over a picture of the same box; lines stay as thick as they are on every size. */
export const LabelOverlay = memo(function LabelOverlay({ labels, width, height, fit }: LabelOverlayProps) {
  const groups = outlinesOf(labels, Math.max(width, height))
  if (groups.length === 0) return null
  return (
    <svg
      className="label-overlay"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={fit === 'cover' ? 'xMidYMid slice' : 'xMidYMid meet'}
      aria-hidden
    >
      {groups
        .filter((group) => group.area !== '')
        .map((group) => (
          <path key={group.key} className="label-area" d={group.area} fill={group.color} />
        ))}
      <path className="label-casing" d={groups.map((group) => group.path).join('')} />
      {groups.map((group) => (
        <path
          key={group.key}
          d={group.path}
          stroke={group.color}
          {...(group.dashed ? { strokeDasharray: '5 3' } : {})}
        />
      ))}
    </svg>
  )
})
