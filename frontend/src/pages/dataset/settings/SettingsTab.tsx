import { Button } from '@mantine/core'
import { IconCircleCheck, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Note, ProblemNote } from '@/parts/Messages'
import { DeleteDialog } from '../header/DeleteDialog'
import '../tabs.css'
import { useDataset } from '../useDataset'
import { DataCard } from './DataCard'
import { GeneralCard } from './GeneralCard'
import { MetadataCard } from './MetadataCard'
import './settings.css'
import { type DraftHere, useDraft } from './useDraft'

/** What people call the dataset and say of it, and its end. */
export default function SettingsTab() {
  const { show, may, isOld } = useDataset()
  const draft = useDraft()
  const mayEdit = may('edit') && !isOld && show.state !== 'trashed'
  return (
    <div className="settings-tab">
      <div className="scroll-y">
        <h2 className="visually-hidden">Settings</h2>
        <div className={show.geospatial === null ? 'settings' : 'settings two'}>
          <div className="settings-column">
            {!mayEdit && <WhyNot />}
            <GeneralCard draft={draft} mayEdit={mayEdit} />
            <MetadataCard draft={draft} mayEdit={mayEdit} hasPixelSize={show.geospatial === null} />
          </div>
          {show.geospatial !== null && (
            <div className="settings-column">
              <DataCard />
            </div>
          )}
          {may('delete') && show.state !== 'trashed' && <DeleteCard />}
        </div>
      </div>
      {mayEdit && (draft.isChanged || draft.justSaved) && <SaveBar draft={draft} />}
    </div>
  )
}

function WhyNot() {
  const { show, isOld } = useDataset()
  return (
    <Note kind="acc">
      {show.state === 'trashed' ? (
        'The dataset is in the trash. Restore it to change it.'
      ) : isOld ? (
        'This is an older version. The settings are those of the dataset; they are changed at its newest version.'
      ) : (
        <>
          You can look and not change. It belongs to <bdi>{show.owner.name}</bdi>.
        </>
      )}
    </Note>
  )
}

/** At the fields' side, away from where messages come. */
function SaveBar({ draft }: { draft: DraftHere }) {
  return (
    <div className="foot settings-foot">
      {draft.justSaved ? (
        <span className="row good settings-saved" role="status">
          <IconCircleCheck size={16} stroke={1.7} aria-hidden /> Saved
        </span>
      ) : (
        <div className="row settings-unsaved" role="region" aria-label="Unsaved changes">
          <div className="grow">
            {draft.error === null ? (
              <span className="m2">Not saved yet</span>
            ) : (
              <ProblemNote error={draft.error} />
            )}
          </div>
          <Button onClick={draft.discard} disabled={draft.saving}>
            Discard
          </Button>
          <Button variant="filled" onClick={draft.save} loading={draft.saving} disabled={!draft.canSave}>
            Save
          </Button>
        </div>
      )}
    </div>
  )
}

function DeleteCard() {
  const [asking, setAsking] = useState(false)
  return (
    <section className="card" aria-label="Delete">
      <header>
        <h3 className="card-title">Delete the dataset</h3>
      </header>
      <div className="pad row wrap">
        <span className="grow m2 settings-delete">
          It goes into the trash with all its versions and annotation sets, and can be restored from there
          until it is deleted for good.
        </span>
        <Button
          variant="outline"
          color="red"
          className="danger"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          Delete…
        </Button>
      </div>
      <DeleteDialog opened={asking} close={() => setAsking(false)} />
    </section>
  )
}
