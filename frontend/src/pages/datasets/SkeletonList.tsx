import { Skeleton } from '@mantine/core'
import { useEffect, useState } from 'react'

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7]
const AFTER_MS = 150

/** The shape of what is to come, once it takes longer than one notices. */
export function SkeletonList({ view }: { view: 'table' | 'cards' }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return <div className="grow" aria-busy />
  return (
    <div className="grow" aria-busy aria-label="The datasets are loading" role="status">
      {view === 'table' ? (
        PLACES.map((place) => (
          <div key={place} className="datasets-grid datasets-line">
            <span />
            <Skeleton width={127} height={41} radius={3} />
            <Skeleton width="60%" height={12} />
          </div>
        ))
      ) : (
        <div className="datasets-cards datasets-cards-loading">
          {PLACES.map((place) => (
            <Skeleton key={place} height={246} radius={10} />
          ))}
        </div>
      )}
    </div>
  )
}
