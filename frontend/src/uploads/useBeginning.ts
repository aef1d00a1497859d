import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { toast, toastProblem } from '@/parts/toast'
import { type Chosen, chosenFiles } from './chosen'
import { UnreadableChoice } from './dropped'
import { beginUpload } from './store'

/** What the wizard is told by who leads to it: the upload of this page that has just begun. */
export interface AddState {
  begun: number
}

export type ChooserKind = 'files' | 'folder'

/** Opens the browser's chooser; null when nothing was chosen. Called from a click. */
export function openChooser(kind: ChooserKind): Promise<Chosen | null> {
  return new Promise((done) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.webkitdirectory = kind === 'folder'
    input.addEventListener('change', () => done(chosenFiles(input.files ?? [])))
    input.addEventListener('cancel', () => done(null))
    input.click()
  })
}

export interface Beginning {
  /** Begin an upload of what was chosen, and show its check. */
  begin: (chosen: Chosen | null) => void
  /** Ask for files or a folder, and begin. */
  choose: (kind: ChooserKind) => void
  /** Begin with what something still has to find, such as the files of a dropped folder. */
  beginWith: (find: Promise<Chosen | null>) => void
}

/** Ways to begin an upload from any page: each leads to the wizard. */
export function useBeginning(): Beginning {
  const navigate = useNavigate()
  const begin = useCallback(
    (chosen: Chosen | null) => {
      if (chosen === null) {
        toast({ kind: 'info', title: 'There is no file in what you chose' })
        return
      }
      const state: AddState = { begun: beginUpload(chosen) }
      void navigate('/add', { state })
    },
    [navigate],
  )
  const choose = useCallback(
    (kind: ChooserKind) => {
      void openChooser(kind).then((chosen) => {
        if (chosen !== null) begin(chosen)
      })
    },
    [begin],
  )
  const beginWith = useCallback(
    (find: Promise<Chosen | null>) => {
      find.then(begin).catch((error: unknown) => {
        if (error instanceof UnreadableChoice) toast({ kind: 'warn', title: error.message })
        else toastProblem(error)
      })
    },
    [begin],
  )
  return { begin, choose, beginWith }
}
