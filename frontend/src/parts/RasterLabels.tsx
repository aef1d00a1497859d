import { memo, useState } from 'react'
import type { Schemas } from '@/api/client'
import './labels.css'

interface RasterLabelsProps {
  item: Pick<Schemas['ItemView'], 'files'>
  /** Of the addresses: "id@3". */
  dataset: string
  /** The annotation set whose raster is drawn. */
  set: string
  /** As the picture's object-fit, so that both lie on each other. */
  fit: 'cover' | 'contain'
  /** Ids of the classes that are drawn; all without it. */
  classes?: readonly number[]
}

const SIZE = 256

/** The label raster of a chip over its picture, in the colours of its classes. */
export const RasterLabels = memo(function RasterLabels(props: RasterLabelsProps) {
  const { item, dataset, set, fit, classes } = props
  const [failed, setFailed] = useState(false)
  const file = item.files.find(({ role, layer }) => role === 'label' && layer === set)
  if (file === undefined || failed) return null
  const only = classes === undefined ? '' : `&classes=${classes.join()}`
  const address = `/api/v1/datasets/${encodeURIComponent(dataset)}/rasters/${file.sha256}/picture`
  return (
    <img
      className="raster-labels"
      style={{ objectFit: fit }}
      src={`${address}?size=${SIZE}${only}`}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailed(true)}
    />
  )
})
