import { lazy, Suspense, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { Faulty, Note } from '@/parts/Messages'
import { useDataset } from '../useDataset'
import { ActiveFilters } from './ActiveFilters'
import { FacetPanel } from './FacetPanel'
import { useHasTags } from './Facets'
import { ItemGrid, type ItemViewProps } from './grid/ItemGrid'
import { ItemTable } from './grid/ItemTable'
import './items.css'
import { MissingLabels } from './MissingLabels'
import { aspectOf } from './model/pictures'
import { viewerAddress } from './model/places'
import { NothingFound } from './NothingFound'
import { PhoneBar } from './PhoneBar'
import { SelectionBar } from './SelectionBar'
import { Toolbar } from './Toolbar'
import { useCellSize } from './useCellSize'
import { useChanges } from './useChanges'
import { useChoosing } from './useChoosing'
import { useGroups } from './useGroups'
import { useItemKeys } from './useItemKeys'
import { useItems } from './useItems'
import { usePrefix } from './usePrefix'
import { useTitles } from './useTitles'
import { useView, type View } from './useView'

const ItemMap = lazy(() => import('./map/ItemMap'))

/** The pictures of a version with what is labelled on them: found, looked at, selected, changed. */
export default function ItemsTab() {
  const view = useView()
  const [facets, setFacets] = useState(false)
  return (
    <div className={`main items ${view.drawer ? 'one' : ''}`}>
      <h2 className="visually-hidden">Items</h2>
      <FacetPanel view={view} opened={facets} setOpened={setFacets} />
      {/* Another list is another grid: it begins at its top, with nothing selected. */}
      <Items key={view.listKey} view={view} openFacets={() => setFacets(true)} />
    </div>
  )
}

const PHONE_CELL = 100

function Items({ view, openFacets }: { view: View; openFacets: () => void }) {
  const { name, show, version, isOld } = useDataset()
  const navigate = useNavigate()
  const { filters, hidden, setFilters, narrow } = view
  const list = useItems(filters, view.start)
  const choosing = useChoosing(list)
  const changes = useChanges(list, filters, choosing)
  const [cell, setCell] = useCellSize()
  const grouped = useGroups(filters, view.grouping, list.total)
  const prefix = usePrefix(list.loaded)
  const called = useTitles(useHasTags(filters))
  useItemKeys({ view, choosing, changes, cell, setCell })

  const hrefOf = useMemo(
    () => (key: string) => viewerAddress(name, key, filters, hidden, isOld ? version : null),
    [name, filters, hidden, isOld, version],
  )
  const shown: ItemViewProps = {
    list,
    groups: grouped.groups,
    choosing,
    hidden,
    prefix,
    start: view.start,
    rested: view.setStart,
    open: (index) => {
      const item = list.item(index)
      if (item !== undefined) void navigate(hrefOf(item.key))
    },
    hrefOf,
    narrow,
    called,
  }
  const picture = show.layers.find((layer) => layer.role === 'image')
  const total = list.total ?? 0
  const error = list.error ?? grouped.error
  return (
    <section className="content items-content" aria-label="Pictures">
      {narrow ? (
        <PhoneBar
          view={view}
          sets={show.annotation_sets}
          hasMap={show.modality === 'geospatial'}
          openFacets={openFacets}
        />
      ) : (
        <Toolbar view={view} list={list} cell={cell} setCell={setCell} openFacets={openFacets} />
      )}
      <ActiveFilters filters={filters} setFilters={setFilters} />
      <MissingLabels />
      {grouped.tooMany && (
        <div className="items-note">
          <Note kind="warn">There are too many groups for headers. Filter the list to have them.</Note>
        </div>
      )}
      {error !== null ? (
        <Faulty error={error} retry={list.retry} />
      ) : list.total === 0 ? (
        <NothingFound filters={filters} setFilters={setFilters} />
      ) : view.kind === 'map' ? (
        <Suspense fallback={<div className="grow" aria-busy="true" />}>
          <ItemMap
            filters={filters}
            choosing={choosing}
            hrefOf={hrefOf}
            showInGrid={(index) => {
              view.setStart(index)
              view.setKind('grid')
            }}
          />
        </Suspense>
      ) : view.kind === 'table' && !narrow ? (
        <ItemTable {...shown} />
      ) : (
        <ItemGrid
          {...shown}
          cell={narrow ? PHONE_CELL : cell}
          aspect={narrow ? 1 : aspectOf(picture?.sizes)}
          chips={show.annotation_sets.some(({ task }) => task !== 'detection' && task !== 'segmentation')}
        />
      )}
      {!narrow && <SelectionBar choosing={choosing} total={total} changes={changes} />}
    </section>
  )
}
