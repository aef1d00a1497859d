import { plural } from '@/parts/format'
import { BandList } from './BandList'
import type { DataSource } from './recipe'

/** A data source as it is used: where it comes from, its files, its bands. */
export function SourceView({ source }: { source: DataSource }) {
  const { collection, connector, dates } = source
  const facts = [
    collection === '' ? '' : `${connector}${connector === '' ? '' : ' · '}${collection}`,
    source.resolution === null ? '' : `${source.resolution} m`,
    source.nodata === null ? '' : `no-data ${source.nodata}`,
    dates.length === 0
      ? ''
      : `${plural(dates.length, 'date')}, ${source.band_order === 'bands_first' ? 'band by band' : 'date by date'}`,
  ].filter(Boolean)
  return (
    <div className="recipe-source" role="group" aria-label={source.modality_tag}>
      <div className="row wrap recipe-source-head">
        <bdi className="b">{source.modality_tag}</bdi>
        <bdi className="mono m2">{source.file_suffix}</bdi>
        <span className="m3 s12">{facts.join(' · ')}</span>
        <span className="m3 s12 right">{plural(source.bands.length, 'band')}</span>
      </div>
      <BandList source={source} />
    </div>
  )
}
