import { Button } from '@mantine/core'
import { useDocumentTitle, useMediaQuery } from '@mantine/hooks'
import { IconFilterOff, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Centred, Faulty } from '@/parts/Messages'
import { WhenFirst } from '@/parts/WhenFirst'
import { DropTarget } from '@/uploads/DropTarget'
import { DatasetFacets } from './DatasetFacets'
import { DatasetList } from './DatasetList'
import { DatasetToolbar } from './DatasetToolbar'
import { isFiltered } from './filters'
import { ActiveFilters } from './ActiveFilters'
import { SelectionBar } from './SelectionBar'
import { useDatasetFacets, useDatasets } from './useDatasets'
import { useSelection } from './useSelection'
import './datasets.css'

const EmptyDatasets = lazy(() => import('./EmptyDatasets'))
const FacetDrawer = lazy(() => import('./FacetDrawer'))

/** Every dataset that the person may see: filtered, ordered, as table or cards; the whole page takes what is dropped. */
export default function DatasetsPage() {
  useDocumentTitle('Datasets – Triptych')
  const [parameters, setParameters] = useSearchParams()
  const datasets = useDatasets()
  const facets = useDatasetFacets()
  const selection = useSelection(datasets.rows)
  const narrow = useMediaQuery('(max-width: 1240px)')
  const hasNoTable = useMediaQuery('(max-width: 1040px)')
  const [showsFacets, setShowsFacets] = useState(false)

  const filtered = isFiltered(datasets.filters)
  const hasNone = datasets.isSuccess && !datasets.isPlaceholderData && datasets.rows.length === 0
  if (hasNone && !filtered) {
    return (
      <Suspense fallback={null}>
        <EmptyDatasets />
      </Suspense>
    )
  }
  return (
    <div className={narrow ? 'main one' : 'main'}>
      <DropTarget />
      {!narrow && (
        <aside className="side side-scroll" aria-label="Filters">
          <DatasetFacets facets={facets.data?.facets} />
        </aside>
      )}
      {narrow && (
        <WhenFirst needed={showsFacets}>
          <FacetDrawer opened={showsFacets} close={() => setShowsFacets(false)}>
            <DatasetFacets facets={facets.data?.facets} />
          </FacetDrawer>
        </WhenFirst>
      )}
      <div className="content datasets-content">
        <header className="pagehead">
          <h1>Datasets</h1>
          <span className="m3 num-tab">{facets.data?.total}</span>
          <span className="grow" />
          <Button
            component={Link}
            to="/add"
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            Add dataset
          </Button>
        </header>
        <DatasetToolbar showFacets={narrow ? () => setShowsFacets(true) : undefined} />
        <ActiveFilters filters={datasets.filters} />
        {datasets.isError && <Faulty error={datasets.error} retry={() => void datasets.refetch()} />}
        {hasNone && (
          <Centred
            icon={<IconFilterOff size={20} stroke={1.7} aria-hidden />}
            title="No dataset matches"
            actions={<Button onClick={() => setParameters({})}>Remove all filters</Button>}
          >
            {datasets.filters.search !== '' && (
              <>
                Nothing has “<bdi>{datasets.filters.search}</bdi>” in its name, description or tags
                {datasets.filters.annotated ? ' and annotations besides' : ''}.
              </>
            )}
            {datasets.filters.search === '' && 'No dataset has all that the filters at the left ask for.'}
          </Centred>
        )}
        {!datasets.isError && !hasNone && (
          <DatasetList
            rows={datasets.rows}
            isLoading={datasets.isPending}
            isOld={datasets.isPlaceholderData}
            view={parameters.get('view') === 'cards' || hasNoTable ? 'cards' : 'table'}
            selection={selection}
            loadMore={
              datasets.hasNextPage && !datasets.isFetchingNextPage
                ? () => void datasets.fetchNextPage()
                : undefined
            }
          />
        )}
        <SelectionBar selection={selection} total={facets.data?.total ?? datasets.rows.length} />
      </div>
    </div>
  )
}
