import { Skeleton } from '@mantine/core'
import { IconArrowRight, IconPhotoX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { api, type Schemas, unwrap } from '@/api/client'
import { byFrequency, type Distribution } from '@/parts/charts/distribution'
import { ClassChips } from '@/parts/ClassChips'
import { count, visibleEnd } from '@/parts/format'
import { LabelOverlay } from '@/parts/LabelOverlay'
import { countClasses, coveredShares, isDrawn } from '@/parts/labels'
import { ProblemNote } from '@/parts/Messages'
import { Name } from '@/parts/Name'
import { RasterLabels } from '@/parts/RasterLabels'
import { useRoving } from '@/parts/useRoving'
import { itemsTitle } from '@/parts/words'
import { itemsAddress } from '../addresses'
import { type Filters, NO_FILTERS, queryOf } from '../items/model/filters'
import { setToken } from '../items/model/overlays'
import { fitOf, isExtreme } from '../items/model/pictures'
import { viewerAddress } from '../items/model/places'
import { useMilestoneOptions } from '../items/useMilestones'
import { useDataset } from '../useDataset'
import { classFilter } from './covering'

type Item = Schemas['ItemView']

const SHOWN = 60
const CHIPS = 24
const ASPECT = 4 / 3

/** The pictures of a set with its labels on them: the first of those with the chosen classes. */
export function LabelThumbnails({ distribution }: { distribution: Distribution }) {
  const { show } = useDataset()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const filters = useMemo<Filters>(
    () => ({ ...NO_FILTERS, values: { ...NO_FILTERS.values, class: classFilter(distribution, chosen) } }),
    [distribution, chosen],
  )
  if (filters.values.class.length === 0) return null
  const toggle = (name: string) =>
    setChosen(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name])
  return (
    <div className="label-pictures">
      <div className="row wrap annotation-tools">
        <h4 className="m2">{itemsTitle(show.modality)}</h4>
        <ClassFilter distribution={distribution} chosen={chosen} toggle={toggle} />
        <AllInItems filters={filters} />
      </div>
      <Pictures set={distribution.set} filters={filters} />
    </div>
  )
}

interface ClassFilterProps {
  distribution: Distribution
  chosen: readonly string[]
  toggle: (name: string) => void
}

function ClassFilter({ distribution, chosen, toggle }: ClassFilterProps) {
  const classes = byFrequency(distribution.classes).filter((each) => each.items > 0)
  if (classes.length < 2) return null
  return (
    <div className="row wrap label-filter" role="group" aria-label="Only pictures with">
      {classes.slice(0, CHIPS).map((each) => {
        const on = chosen.includes(each.name)
        return (
          <button
            key={each.id}
            type="button"
            aria-pressed={on}
            className={`plain chip label-chip ${on ? 'acc' : 'line'}`}
            onClick={() => toggle(each.name)}
          >
            <span className="sq" style={{ background: each.color }} />
            <bdi className="el">{visibleEnd(each.name)}</bdi>
            <span className="m3">{count(each.items)}</span>
          </button>
        )
      })}
      {classes.length > CHIPS && (
        <span className="m3 s12">{count(classes.length - CHIPS)} more classes in Items</span>
      )}
    </div>
  )
}

function AllInItems({ filters }: { filters: Filters }) {
  const here = useDataset()
  const { data } = useQuery(useMilestoneOptions()(queryOf(filters)))
  const words =
    data === undefined ? 'All in Items' : `All ${data.exact ? '' : '≥ '}${count(data.total)} in Items`
  return (
    <Link className="right row label-all" to={itemsAddress(here, { class: filters.values.class })}>
      {words}
      <IconArrowRight size={14} stroke={1.7} aria-hidden />
    </Link>
  )
}

function Pictures({ set, filters }: { set: string; filters: Filters }) {
  const { name, show, version } = useDataset()
  const query = queryOf(filters)
  const items = useQuery({
    queryKey: ['dataset', name, 'labelled', version, query],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const path = { dataset: `${show.id}@${version}` }
      const page = await unwrap(
        api.GET('/api/v1/datasets/{dataset}/items', {
          params: { path, query: { ...query, limit: SHOWN } },
          signal,
        }),
      )
      return page.items
    },
  })
  const roving = useRoving()
  const others = show.annotation_sets.filter((each) => each.name !== set).map((each) => setToken(each.name))
  if (items.error !== null) return <ProblemNote error={items.error} />
  if (items.data === undefined) return <Skeleton className="waits" height={320} />
  const shown = items.data
  return (
    <ul className="cells label-cells" aria-busy={items.isPlaceholderData} {...roving.list}>
      {shown.map((item, index) => (
        <Picture
          key={item.key}
          item={item}
          set={set}
          filters={filters}
          hidden={others}
          link={roving.link(index, shown.length)}
        />
      ))}
    </ul>
  )
}

interface PictureProps {
  item: Item
  set: string
  filters: Filters
  /** What the viewer does not draw: the other sets. */
  hidden: readonly string[]
  link: { tabIndex: number }
}

function Picture({ item, set, filters, hidden, link }: PictureProps) {
  const here = useDataset()
  const [failed, setFailed] = useState(false)
  const labels = useMemo(() => item.labels.filter((label) => label.set === set), [item, set])
  const address = viewerAddress(
    here.name,
    item.key,
    filters,
    new Set(hidden),
    here.isOld ? here.version : null,
  )
  const classes = countClasses(labels)
  const fit = fitOf(item, ASPECT)
  const shares = coveredShares(labels, item.width * item.height)
  const drawn = labels.some(isDrawn)
  return (
    <li className="cell">
      <Link
        to={address}
        {...link}
        className="label-link"
        aria-label={[
          visibleEnd(item.key),
          ...(shares.length > 0
            ? shares.map((each) => `${each.name} ${each.text}`)
            : classes.map((each) => `${each.name} ${count(each.count)}`)),
        ].join(', ')}
      >
        <span className={`pic label-pic ${fit === 'contain' ? 'label-whole' : ''}`}>
          {failed ? (
            <span className="label-broken m3 s11">
              <IconPhotoX size={20} stroke={1.7} aria-hidden />
              Cannot be shown
            </span>
          ) : (
            <img
              src={`${item.thumbnail}?size=512`}
              alt=""
              loading="lazy"
              decoding="async"
              onError={() => setFailed(true)}
            />
          )}
          {shares.length > 0 && (
            <RasterLabels item={item} dataset={`${here.show.id}@${here.version}`} set={set} fit={fit} />
          )}
          <LabelOverlay labels={labels} width={item.width} height={item.height} fit={fit} />
          {isExtreme(item) && (
            <span className="tl">
              <span className="pill">
                {count(item.width)} × {count(item.height)}
              </span>
            </span>
          )}
        </span>
        <span className="cap">
          <Name text={item.key} file className="grow" />
          {drawn &&
            classes.slice(0, 3).map((each) => (
              <span key={each.key} className="row label-count">
                <span className="sq" style={{ background: each.color }} />
                {count(each.count)}
              </span>
            ))}
        </span>
        {shares.length > 0 && (
          <span className="label-chips row label-shares">
            {shares.slice(0, 3).map((each) => (
              <span key={each.key} className="row label-count" title={each.name}>
                <span className="sq" style={{ background: each.color }} />
                {each.text}
              </span>
            ))}
          </span>
        )}
        {!drawn && shares.length === 0 && (
          <span className="label-chips">
            <ClassChips labels={labels} most={2} />
          </span>
        )}
      </Link>
    </li>
  )
}
