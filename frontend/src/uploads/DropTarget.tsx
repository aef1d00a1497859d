import { IconFolderSearch, IconUpload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { count, plural } from '@/parts/format'
import { chosenFromDrop } from './dropped'
import { type Reading, useReading } from './reading'
import { useBeginning } from './useBeginning'
import './uploads.css'

/** Makes the whole page take files and folders; drawn only while something is dragged or read. */
export function DropTarget() {
  const { beginWith } = useBeginning()
  const reading = useReading()
  const [over, setOver] = useState(false)
  const depth = useRef(0)

  useEffect(() => {
    const leave = () => {
      depth.current = 0
      setOver(false)
    }
    const take = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      depth.current += 1
      setOver(true)
    }
    const stay = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault()
    }
    const away = () => {
      depth.current -= 1
      if (depth.current <= 0) leave()
    }
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      leave()
      beginWith(chosenFromDrop(event.dataTransfer))
    }
    const listened = { dragenter: take, dragover: stay, dragleave: away, drop }
    for (const [name, act] of Object.entries(listened)) window.addEventListener(name, act as EventListener)
    return () => {
      for (const [name, act] of Object.entries(listened))
        window.removeEventListener(name, act as EventListener)
    }
  }, [beginWith])

  if (!over && reading === null) return null
  return (
    <div className="drop-over" role="status">
      <div className="drop-here">
        {reading === null ? (
          <IconUpload size={24} stroke={1.7} aria-hidden />
        ) : (
          <IconFolderSearch size={24} stroke={1.7} aria-hidden />
        )}
        <b>{reading === null ? 'Drop it here' : 'Reading the folder'}</b>
        <span className="m2 num-tab">{reading === null ? INVITATION : progressOf(reading)}</span>
      </div>
    </div>
  )
}

const INVITATION =
  'A zip, a folder, or files: JPG, PNG or DICOM. You see what is in it before anything is made of it.'

function progressOf({ files, total }: Reading): string {
  if (total === null) return `${plural(files, 'file', 'files')} so far`
  return `${count(files)} of ${plural(total, 'file', 'files')}`
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
