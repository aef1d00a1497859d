import { IconPhotoOff } from '@tabler/icons-react'
import type { DatasetRow } from './filters'

const PLACES = [0, 1, 2] as const

/** Three pictures, by which a dataset is known fastest; their places are there before they are. */
export function Samples({ row, wide = false }: { row: DatasetRow; wide?: boolean }) {
  const isEmpty = row.samples.length === 0
  return (
    <span className={wide ? 'datasets-samples' : 'thumbs'}>
      {wide && isEmpty && <IconPhotoOff size={20} stroke={1.5} className="m3" aria-hidden />}
      {!(wide && isEmpty) &&
        PLACES.map((place) => {
          const address = row.samples[place]
          return address === undefined ? (
            <span key={place} />
          ) : (
            <img
              key={place}
              src={wide ? `${address}?size=512` : address}
              alt=""
              loading="lazy"
              decoding="async"
            />
          )
        })}
    </span>
  )
}
