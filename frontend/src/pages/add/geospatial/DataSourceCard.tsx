import { ActionIcon, Select, TextInput, Tooltip } from '@mantine/core'
import { IconFiles, IconTrash } from '@tabler/icons-react'
import { plural } from '@/parts/format'
import type { Collection } from '@/parts/recipe/collections'
import { addBand, ofCollection } from '@/parts/recipe/edits'
import type { FormSource } from '@/parts/recipe/form'
import { nodataProblem, suffixProblem, tagProblem } from '@/parts/recipe/problems'
import { BandTable } from './BandTable'
import { DatesFields } from './DatesFields'
import { SuffixField } from './SuffixField'
import type { Geo } from './useGeo'

interface DataSourceCardProps {
  source: FormSource
  place: number
  geo: Geo
  collections: readonly Collection[]
  /** Null for the only one. */
  remove: (() => void) | null
  change: (change: Partial<FormSource>) => void
  suffix: (suffix: string) => void
}

/** One raster of every chip: where it comes from, how its files end, and its bands. */
export function DataSourceCard({
  source,
  place,
  geo,
  remove,
  change,
  suffix,
  collections,
}: DataSourceCardProps) {
  const { form, facts } = geo
  const found = facts?.sources.find((each) => each.suffix === source.suffix)
  const title = `Data source ${place + 1}`
  const choose = (chosen: Collection) => {
    const isTagFree = !form.sources.some(
      (each) => each.key !== source.key && each.tag === chosen.modality_tag,
    )
    change(ofCollection(source, chosen, isTagFree))
  }
  return (
    <section className="card geo-source" aria-label={title}>
      <header className="wrap">
        <h2>{title}</h2>
        {found?.files != null && (
          <span className="chip">
            <IconFiles size={14} stroke={1.7} aria-hidden /> {plural(found.files, 'file')}
          </span>
        )}
        <span className="row right wrap geo-source-fields">
          <CollectionChoice
            title={title.toLowerCase()}
            source={source}
            collections={collections}
            choose={choose}
            change={change}
          />
          <span className="row s12 m3">
            <span aria-hidden>Ends in</span>
            <SuffixField
              isInline
              label={`${title} ends in`}
              className="geo-suffix"
              placeholder="_S2.tif"
              value={source.suffix}
              error={suffixProblem(source, form.sources)}
              set={suffix}
            />
          </span>
          {remove !== null && (
            <Tooltip label="Take it out">
              <ActionIcon aria-label={`Take ${title.toLowerCase()} out`} onClick={remove}>
                <IconTrash size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </header>
      {source.bands.length === 0 ? (
        <p className="pad m2">
          Its bands are read from the files. Where that cannot be, choose a collection or add them by hand.
        </p>
      ) : (
        <BandTable
          source={source}
          sample={found?.sample ?? null}
          collection={collections.find(
            (each) => each.connector === source.connector && each.collection === source.collection,
          )}
          set={(bands) => change({ bands })}
        />
      )}
      {found?.bands == null && (
        <button
          type="button"
          className="plain acc geo-more geo-add-band"
          onClick={() => change({ bands: addBand(source.bands) })}
        >
          Add a band
        </button>
      )}
      <div className="row wrap geo-source-foot">
        <TextInput
          label="Layer name"
          className="geo-tag"
          spellCheck={false}
          value={source.tag}
          error={tagProblem(source, form.sources)}
          onChange={(event) => change({ tag: event.currentTarget.value })}
        />
        <TextInput
          label="No-data value"
          className="geo-nodata"
          placeholder={
            found?.nodata[0] === undefined ? 'none' : `${found.nodata.join(', ')}, as the files say`
          }
          value={source.nodata}
          error={nodataProblem(source.nodata)}
          onChange={(event) => change({ nodata: event.currentTarget.value })}
        />
        <DatesFields source={source} inFile={geo.bandsInFile(source)} change={change} />
      </div>
    </section>
  )
}

interface CollectionChoiceProps {
  title: string
  source: FormSource
  collections: readonly Collection[]
  choose: (collection: Collection) => void
  change: DataSourceCardProps['change']
}

const NONE = 'none'

function CollectionChoice({ title, source, collections, choose, change }: CollectionChoiceProps) {
  const keyOf = (each: Pick<Collection, 'connector' | 'collection'>) => `${each.connector}/${each.collection}`
  const value = source.collection === '' ? NONE : keyOf(source)
  const known = collections.map((each) => ({
    value: keyOf(each),
    label: each.title,
    connector: each.connector,
  }))
  const isKnown = value === NONE || known.some((each) => each.value === value)
  const groups = [...new Set(known.map(({ connector }) => connector))].map((group) => ({
    group,
    items: known.filter(({ connector }) => connector === group),
  }))
  return (
    <span className="row s12 m3">
      <span aria-hidden>Collection</span>
      <Select
        aria-label={`Collection of ${title}`}
        className="geo-collection"
        searchable
        allowDeselect={false}
        data={[
          { value: NONE, label: 'None of these' },
          ...(isKnown ? [] : [{ value, label: source.collection }]),
          ...groups,
        ]}
        value={value}
        onChange={(chosen) => {
          const found = collections.find((each) => keyOf(each) === chosen)
          if (found !== undefined) choose(found)
          else if (chosen === NONE) change({ collection: '', connector: '' })
        }}
      />
    </span>
  )
}
