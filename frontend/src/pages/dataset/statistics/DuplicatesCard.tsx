import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconPhotoX } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { type Part, PART_WORDS, PARTS } from '@/parts/charts/distribution'
import { PartSquare } from '@/parts/charts/PartBar'
import { count, plural, visibleEnd } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { useRoving } from '@/parts/useRoving'
import { itemsWords } from '@/parts/words'
import { itemsAddress, thumbnailAddress } from '../addresses'
import { type Filters, NO_FILTERS } from '../items/model/filters'
import { partOf } from '../items/model/caption'
import { viewerAddress } from '../items/model/places'
import { useDataset } from '../useDataset'
import { useChoice } from '../useParameter'
import { type Group, type Kind, useDuplicates } from './useDuplicates'

const KINDS = [
  { value: 'exact', label: 'Equal' },
  { value: 'near', label: 'Nearly equal' },
]

/** Groups of the same picture side by side, and whether the split has put them into different parts. */
export function DuplicatesCard() {
  const [kind, setKind] = useChoice<Kind>('duplicates', ['exact', 'near'])
  return (
    <section className="card" aria-label="Duplicates">
      <header className="wrap">
        <h3 className="card-title">Duplicates</h3>
        <span className="right">
          <SegmentedControl
            className="small-seg"
            aria-label="Which duplicates"
            data={KINDS}
            value={kind}
            onChange={(value) => setKind(value === 'near' ? 'near' : 'exact')}
          />
        </span>
      </header>
      <div className="pad">
        <Groups key={kind} kind={kind} />
      </div>
    </section>
  )
}

function Groups({ kind }: { kind: Kind }) {
  const [, items] = itemsWords(useDataset().show.modality)
  const pages = useDuplicates(kind)
  if (pages.error !== null && pages.data === undefined) return <ProblemNote error={pages.error} />
  if (pages.isPending) return <Skeleton className="waits" height={112} />
  if (pages.items.length === 0) {
    return (
      <div className="m2 duplicates-none">
        {kind === 'exact' ? `No two ${items} have the same pixels.` : `No two ${items} look nearly the same.`}
      </div>
    )
  }
  return (
    <>
      <div className="duplicates">
        {pages.items.map((group) => (
          <GroupLine key={group.group} group={group} kind={kind} />
        ))}
      </div>
      {pages.hasNextPage && (
        <Button size="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          More groups
        </Button>
      )}
    </>
  )
}

const SHOWN = 8

function GroupLine({ group, kind }: { group: Group; kind: Kind }) {
  const here = useDataset()
  const roving = useRoving()
  const shown = group.items.slice(0, SHOWN)
  const more = group.items.length - shown.length
  const filters: Filters = { ...NO_FILTERS, values: { ...NO_FILTERS.values, duplicates: [kind] } }
  const oldVersion = here.isOld ? here.version : null
  return (
    <section className="duplicate-group" aria-label={`Group ${group.group}`}>
      <div className="row s12 duplicate-head">
        <span className="m3">{plural(group.items.length, 'picture')}</span>
        {group.crosses_parts && (
          <span className="warn row part-key">
            <IconAlertTriangle size={14} stroke={1.7} aria-hidden />
            in {partsOf(group)}
          </span>
        )}
        {more > 0 && (
          <Link className="right" to={itemsAddress(here, { duplicates: [kind] })}>
            {count(more)} more in Items
          </Link>
        )}
      </div>
      <ul className="duplicate-cells" {...roving.list}>
        {shown.map((item, index) => (
          <li key={item.key}>
            <Link
              to={viewerAddress(here.name, item.key, filters, new Set(), oldVersion)}
              {...roving.link(index, shown.length)}
              aria-label={[visibleEnd(item.key), partOf(item.part)?.word].filter(Boolean).join(', ')}
            >
              <Picture src={thumbnailAddress(here.show.id, item.sha256, 160)} />
              <span className="row duplicate-caption">
                {isPart(item.part) && <PartSquare part={item.part} />}
                <Name text={item.key} file className="grow" />
                <span className="m3">{partOf(item.part)?.short}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Picture({ src }: { src: string }) {
  const [failed, setFailed] = useState(false)
  return (
    <span className="pic duplicate-pic">
      {failed ? (
        <IconPhotoX size={20} stroke={1.7} className="m3 duplicate-broken" aria-label="Cannot be shown" />
      ) : (
        <img src={src} alt="" loading="lazy" decoding="async" onError={() => setFailed(true)} />
      )}
    </span>
  )
}

function isPart(part: string | null): part is Part {
  return PARTS.some((each) => each === part)
}

/** "Train and Test": the parts that a group is in. */
function partsOf(group: Group): string {
  const words = PARTS.filter((part) => group.items.some((item) => item.part === part)).map(
    (part) => PART_WORDS[part],
  )
  return words.join(' and ')
}
