import { lazy, Suspense } from 'react'
import { useViewer } from '../hooks/useViewer'
import { isDicom } from '../types'
import { Tags } from './Tags'

const DicomTags = lazy(() => import('./DicomTags'))

/** The drawer over the panel: the tags of a DICOM file, of any other what it says of itself. */
export function TagsLater({ close }: { close: () => void }) {
  const { item } = useViewer()
  if (!isDicom(item)) return <Tags close={close} />
  return (
    <Suspense fallback={<aside className="panel tags" aria-label="Tags" aria-busy />}>
      <DicomTags close={close} />
    </Suspense>
  )
}
