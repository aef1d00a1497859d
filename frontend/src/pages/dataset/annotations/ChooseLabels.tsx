import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { bytes } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { toastProblem } from '@/parts/toast'
import type { Chosen } from '@/uploads/chosen'
import { chosenFromDrop } from '@/uploads/dropped'
import { openChooser } from '@/uploads/useBeginning'
import type { Wanted } from './useImport'

interface ChooseLabelsProps {
  begin: (wanted: Wanted) => void
  /** Why an attempt did not begin. */
  error: unknown
  close: () => void
}

const LONGEST = 1000

/** Where labels come from, and what their set is called. */
export function ChooseLabels({ begin, error, close }: ChooseLabelsProps) {
  const [from, setFrom] = useState<'file' | 'url'>('file')
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [url, setUrl] = useState('')
  const [name, setName] = useState('')
  const isAddress = /^https?:\/\/\S+$/.test(url.trim())
  const source = from === 'file' ? chosen : isAddress ? { url: url.trim() } : null
  return (
    <form
      className="col dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (source !== null) begin({ source, name: name.trim() === '' ? null : name.trim() })
      }}
    >
      <div className="m2">
        A .csv file, or a zip or folder with some. The first column names pictures by their file names; two
        columns give classes, three classes with 0 or 1, six boxes.
      </div>
      <SegmentedControl
        aria-label="From"
        data={[
          { value: 'file', label: 'File' },
          { value: 'url', label: 'Address' },
        ]}
        value={from}
        onChange={(value) => setFrom(value === 'url' ? 'url' : 'file')}
        className="import-from"
      />
      {from === 'file' ? (
        <FileField chosen={chosen} setChosen={setChosen} />
      ) : (
        <TextInput
          label="Address"
          description="http or https; the server fetches it."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="https://"
          dir="ltr"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={url === '' || isAddress ? null : 'It begins with http:// or https://.'}
        />
      )}
      <TextInput
        label="Name of the set"
        description="Empty: as the file. Training code asks for it by this name."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        dir="auto"
        maxLength={LONGEST}
        placeholder={chosen !== null && from === 'file' ? withoutEnding(chosen.name) : ''}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ProblemNote error={error} />
      <div className="row dialog-foot">
        <span className="grow" />
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={source === null}>
          Import the labels
        </Button>
      </div>
    </form>
  )
}

interface FileFieldProps {
  chosen: Chosen | null
  setChosen: (chosen: Chosen) => void
}

function FileField({ chosen, setChosen }: FileFieldProps) {
  const [over, setOver] = useState(false)
  const take = (found: Promise<Chosen | null>) => {
    found
      .then((next) => {
        if (next !== null) setChosen(next)
      })
      .catch((error: unknown) => toastProblem(error))
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(chosenFromDrop(event.dataTransfer))
  }
  return (
    <div
      className={`import-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      role="group"
      aria-label="Label file"
    >
      <IconFileTypeCsv size={20} stroke={1.7} className="m3 note-icon" aria-hidden />
      {chosen === null ? (
        <span className="m2 grow">Drop a label file here</span>
      ) : (
        <span className="row grow" role="status">
          <Name text={chosen.name} file />
          <span className="m3 s12 nowrap">{bytes(chosen.blob.size)}</span>
        </span>
      )}
      <Button onClick={() => take(openChooser('files'))}>
        {chosen === null ? 'Choose a file' : 'Choose another'}
      </Button>
    </div>
  )
}

function withoutEnding(filename: string): string {
  return filename.replace(/(.)\.[^.]+$/, '$1')
}
