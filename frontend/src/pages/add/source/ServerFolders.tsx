import { Button, Modal, Skeleton } from '@mantine/core'
import { IconChevronRight, IconFile, IconFolder, IconServer2 } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { bytes, when } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import type { Source } from '@/uploads/sources'
import { type Entry, useEntries } from './useEntries'

interface ServerFoldersProps {
  roots: readonly Schemas['RootView'][]
  opened: boolean
  close: () => void
  take: (source: Source) => void
}

interface Place {
  root: string
  path: string
}

/** Walks through registered folders; a file or the folder that one stands in is taken. */
export function ServerFolders({ roots, opened, close, take }: ServerFoldersProps) {
  const only = roots.length === 1 ? roots[0] : undefined
  const [walked, setWalked] = useState<Place | null>(null)
  const place = walked ?? (only === undefined ? null : { root: only.name, path: '' })
  const choose = (path: string) => {
    if (place !== null) take({ kind: 'root', root: place.root, path })
    close()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={640}
      title="Choose a folder or a file of the server"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Trail place={place} all={only === undefined ? () => setWalked(null) : undefined} walk={setWalked} />
      {place === null ? (
        <ul className="entries">
          {roots.map((root) => (
            <li key={root.id}>
              <button
                type="button"
                className="plain row entry"
                onClick={() => setWalked({ root: root.name, path: '' })}
              >
                <IconServer2 size={16} stroke={1.7} className="m3" aria-hidden />
                <Name text={root.name} />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Entries
          key={`${place.root}/${place.path}`}
          place={place}
          walk={(path) => setWalked({ root: place.root, path })}
          choose={choose}
        />
      )}
      <div className="row decision-foot">
        <span className="m3 s12 grow">A folder is taken with everything in it.</span>
        <Button onClick={close}>Cancel</Button>
        <Button variant="filled" disabled={place === null} onClick={() => choose(place?.path ?? '')}>
          Check this folder
        </Button>
      </div>
    </Modal>
  )
}

function Trail({
  place,
  all,
  walk,
}: {
  place: Place | null
  all: (() => void) | undefined
  walk: (place: Place) => void
}) {
  if (place === null) return <p className="m2 trail">Registered folders</p>
  const parts = place.path === '' ? [] : place.path.split('/')
  return (
    <nav className="row wrap trail" aria-label="Path">
      {all !== undefined && (
        <>
          <Crumb text="Registered folders" go={all} />
          <IconChevronRight size={14} className="m3" aria-hidden />
        </>
      )}
      <Crumb text={place.root} go={() => walk({ root: place.root, path: '' })} />
      {parts.map((part, index) => (
        <span key={index} className="row trail-part">
          <IconChevronRight size={14} className="m3" aria-hidden />
          <Crumb
            text={part}
            go={() => walk({ root: place.root, path: parts.slice(0, index + 1).join('/') })}
          />
        </span>
      ))}
    </nav>
  )
}

function Crumb({ text, go }: { text: string; go: () => void }) {
  return (
    <button type="button" className="plain acc trail-crumb" onClick={go}>
      <bdi>{text}</bdi>
    </button>
  )
}

interface EntriesProps {
  place: Place
  walk: (path: string) => void
  choose: (path: string) => void
}

function Entries({ place, walk, choose }: EntriesProps) {
  const { items, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useEntries(
    place.root,
    place.path,
  )
  if (error !== null) return <ProblemNote error={error} />
  if (isPending) return <Skeleton height={120} />
  if (items.length === 0) return <p className="m3 entries-none">There is nothing in this folder.</p>
  const below = (name: string) => (place.path === '' ? name : `${place.path}/${name}`)
  return (
    <ul className="entries">
      {items.map((entry) => (
        <li key={entry.name}>
          <EntryLine
            entry={entry}
            act={() => (entry.kind === 'folder' ? walk(below(entry.name)) : choose(below(entry.name)))}
          />
        </li>
      ))}
      {hasNextPage && (
        <li>
          <Button
            size="compact-sm"
            variant="transparent"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show more
          </Button>
        </li>
      )}
    </ul>
  )
}

function EntryLine({ entry, act }: { entry: Entry; act: () => void }) {
  const isFolder = entry.kind === 'folder'
  const Icon = isFolder ? IconFolder : IconFile
  return (
    <button type="button" className="plain row entry" onClick={act}>
      <Icon size={16} stroke={1.7} className="m3" aria-hidden />
      <span className="grow entry-name">
        <Name text={entry.name} file={!isFolder} />
      </span>
      <span className="m3 s12 nowrap num-tab">
        {entry.bytes === null ? '' : `${bytes(entry.bytes)}, `}
        {when(entry.modified)}
      </span>
    </button>
  )
}
