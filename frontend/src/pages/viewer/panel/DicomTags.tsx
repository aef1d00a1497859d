import { Button, Skeleton, TextInput } from '@mantine/core'
import { IconCopy, IconSearch, IconUser, IconX } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { copyText } from '@/parts/copyText'
import { plural } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { toast, toastProblem } from '@/parts/toast'
import { useTags } from '../hooks/useTags'
import { useViewer } from '../hooks/useViewer'
import { IconButton } from './IconButton'
import { searchFor, type Tag, tagsWith } from './tagLinks'
import './dicomTags.css'

const LINE = 44
const DEEPEST = 6

/** The tags of a DICOM file, searchable; the search stays while items change. */
export default function DicomTags({ close }: { close: () => void }) {
  const query = useTags()
  const [search, setSearch] = useState('')
  const tags = query.data?.tags ?? []
  const found = tagsWith(tags, search)
  return (
    <aside className="panel tags" aria-label="Tags">
      <div className="row tags-head">
        <h2 className="grow">Tags</h2>
        <IconButton icon={IconX} label="Close the tags" keys="T" onClick={close} />
      </div>
      <div className="tags-search">
        <TextInput
          size="xs"
          aria-label="Search the tags"
          placeholder="Search numbers, names and values"
          leftSection={<IconSearch size={14} stroke={1.7} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="m3 s11" role="status">
          {query.data !== undefined &&
            (found.length === tags.length
              ? plural(tags.length, 'tag')
              : `${found.length} of ${plural(tags.length, 'tag')}`)}
        </span>
      </div>
      {query.isPending && <Waiting />}
      {query.error !== null && (
        <div className="tags-list">
          <ProblemNote error={query.error} />
          <Button size="compact-sm" mt={8} onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {query.data !== undefined && <TagList key={search} tags={found} />}
      {query.data !== undefined && (
        <Foot
          withheld={query.data.withheld}
          isEmpty={tags.length === 0}
          found={found.length}
          search={search}
        />
      )}
    </aside>
  )
}

function Waiting() {
  return (
    <div className="tags-list" aria-busy="true">
      {Array.from({ length: 9 }, (_, line) => (
        <Skeleton key={line} height={LINE - 12} mb={12} />
      ))}
    </div>
  )
}

interface FootProps {
  withheld: number
  isEmpty: boolean
  found: number
  search: string
}

function Foot({ withheld, isEmpty, found, search }: FootProps) {
  if (withheld === 0 && found > 0) return null
  return (
    <div className="tags-foot m3 s12">
      {isEmpty && withheld === 0 && <p>The file has no tags that can be told.</p>}
      {!isEmpty && found === 0 && <p>No tag contains “{search.trim()}”.</p>}
      {withheld > 0 && (
        <p>
          {plural(withheld, 'tag')} about persons {withheld === 1 ? 'is' : 'are'} shown to those who may edit.
        </p>
      )}
    </div>
  )
}

/** Files may have thousands of tags: only those in sight are in the page. */
function TagList({ tags }: { tags: readonly Tag[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<number | null>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are drawn by this component alone
  const virtual = useVirtualizer({
    count: tags.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 12,
  })
  return (
    <div ref={scroller} className="tags-list">
      <ul className="dicom-tags" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const tag = tags[index]
          if (tag === undefined) return null
          return (
            <li
              key={index}
              ref={virtual.measureElement}
              data-index={index}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TagLine
                tag={tag}
                isOpen={open === index}
                open={() => setOpen(open === index ? null : index)}
              />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function TagLine({ tag, isOpen, open }: { tag: Tag; isOpen: boolean; open: () => void }) {
  const { tag: number, name, keyword, vr, value, depth, personal } = tag
  return (
    <div className={`dicom-tag ${isOpen ? 'on' : ''}`}>
      <button
        type="button"
        className="plain"
        aria-expanded={isOpen}
        style={{ paddingLeft: 12 * Math.min(DEEPEST, depth) }}
        onClick={open}
      >
        <span className="row dicom-tag-name">
          <bdi className="el">{name || keyword || 'Private tag'}</bdi>
          {personal && (
            <span className="pill personal" title="About a person; shown to those who may edit">
              <IconUser size={11} stroke={2} aria-hidden /> personal
            </span>
          )}
          <span className="right mono m3 s11">{number}</span>
        </span>
        <bdi className={isOpen ? 'dicom-tag-value' : 'dicom-tag-value el'}>{value || '–'}</bdi>
      </button>
      {isOpen && (
        <div className="dicom-tag-more">
          <span className="m3 s11 mono">
            {keyword} {vr}
          </span>
          <Actions tag={tag} />
        </div>
      )}
    </div>
  )
}

function Actions({ tag }: { tag: Tag }) {
  const { name, ref } = useViewer()
  const search = searchFor(tag)
  const copy = async () => {
    try {
      await copyText(tag.value)
      toast({ title: 'The value is copied' })
    } catch (error) {
      toastProblem(error, 'The value was not copied')
    }
  }
  return (
    <span className="row wrap">
      {tag.value !== '' && (
        <button type="button" className="plain acc s12 row" onClick={() => void copy()}>
          <IconCopy size={12} stroke={1.7} aria-hidden /> Copy value
        </button>
      )}
      {search !== null && (
        <Link className="acc s12 row" to={itemsWith(name, ref, search)}>
          <IconSearch size={12} stroke={1.7} aria-hidden /> Find items with this value
        </Link>
      )}
    </span>
  )
}

/** The items of the version that is looked at. */
function itemsWith(name: string, ref: string, search: string): string {
  const asked = new URLSearchParams({ tag: search })
  if (ref !== name) asked.set('version', ref.slice(name.length + 1))
  return `/datasets/${encodeURIComponent(name)}/items?${asked.toString()}`
}
