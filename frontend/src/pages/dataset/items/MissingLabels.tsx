import { Button } from '@mantine/core'
import { useNavigate } from 'react-router'
import { Note } from '@/parts/Messages'
import { useDataset } from '../useDataset'

/** Pictures alone can be looked at; what training lacks is said where they are. */
export function MissingLabels() {
  const { name, show, may } = useDataset()
  const navigate = useNavigate()
  if (show.annotation_sets.length > 0) return null
  return (
    <div className="items-note">
      <Note kind="acc">
        <div className="row">
          <span className="grow">
            <b>Nothing is labelled yet.</b> For training, the pictures need an annotation set: a label file
            that gives each its classes, boxes or values.
          </span>
          {may('edit') && (
            <Button
              size="compact-sm"
              onClick={() => void navigate(`/datasets/${encodeURIComponent(name)}/annotations?import=1`)}
            >
              Import an annotation set
            </Button>
          )}
        </div>
      </Note>
    </div>
  )
}
