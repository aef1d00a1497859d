import { Loader } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { plural } from '@/parts/format'
import { chosenFromDrop } from './dropped'
import { useBeginning } from './useBeginning'
import './uploads.css'

/** Makes the whole page take files and folders; drawn only while something is dragged or read. */
export function DropTarget() {
  const { beginWith, busy } = useBeginning()
  const [over, setOver] = useState(false)
  const [seen, setSeen] = useState(0)
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
      setSeen(0)
      beginWith(chosenFromDrop(event.dataTransfer, setSeen))
    }
    const listened = { dragenter: take, dragover: stay, dragleave: away, drop }
    for (const [name, act] of Object.entries(listened)) window.addEventListener(name, act as EventListener)
    return () => {
      for (const [name, act] of Object.entries(listened))
        window.removeEventListener(name, act as EventListener)
    }
  }, [beginWith])

  if (!over && !busy) return null
  return (
    <div className="drop-over" role="status">
      <div className="drop-here">
        {busy ? <Loader size={20} /> : <IconUpload size={24} stroke={1.7} aria-hidden />}
        <b>{busy ? 'Reading the folder' : 'Drop it here'}</b>
        <span className="m2">
          {busy
            ? seen === 0
              ? 'Looking for files'
              : `${plural(seen, 'file', 'files')} so far`
            : 'A zip, a folder, or files. You see what is in it before anything is made of it.'}
        </span>
      </div>
    </div>
  )
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
