import { SegmentedControl, Select, Switch } from '@mantine/core'
import { ChartOrTable } from '@/parts/charts/ChartOrTable'
import { HistogramChart } from '@/parts/charts/HistogramChart'
import { count, plural } from '@/parts/format'
import { useDataset } from '../useDataset'
import { itemsWords } from '@/parts/words'
import { useChoice } from '../useParameter'
import { useLayer } from './useLayer'
import {
  capital,
  colorOf,
  isByRecipe,
  isWhole,
  measured,
  numbersOf,
  possibleOf,
  scaleText,
  writer,
} from './channels'
import type { Band, Statistics, TrainingLayer } from './types'

export type Values = 'scaled' | 'raw'

/** With more bands their numbers are shown first. */
const CHARTS_AT_MOST = 16

interface ChannelsCardProps {
  statistics: Statistics
  values: Values
  setValues: (values: Values) => void
}

/** The values of each channel: a histogram, and mean and std as a training loop takes them. */
export function ChannelsCard({ statistics, values, setValues }: ChannelsCardProps) {
  const { show } = useDataset()
  const names = Object.keys(statistics.layers)
  const [name, setName] = useLayer(names)
  const parts = statistics.layers[name] ?? {}
  const isMany = (parts['all']?.bands.length ?? 0) > CHARTS_AT_MOST
  const [view, setView] = useChoice('channels', isMany ? ['table', 'chart'] : ['chart', 'table'])
  const [scale, setScale] = useChoice('counts', ['linear', 'log'])
  if (names.length === 0) return null
  const layer = statistics.training?.layers[name]
  const scaled = values === 'scaled' && layer?.scaled != null
  const bands = parts['all']?.bands ?? []
  const shared = { bands, layer, scaled }
  const isGeospatial = show.modality === 'geospatial'
  const title = isGeospatial ? 'Bands' : 'Channels'
  const items = itemsWords(show.modality)
  return (
    <section className="card" aria-label={title}>
      <header className="wrap">
        <h3 className="card-title">{title}</h3>
        {names.length > 1 && (
          <Select
            size="xs"
            aria-label="Layer"
            className="statistics-set"
            data={names}
            value={name}
            allowDeselect={false}
            onChange={(chosen) => chosen !== null && setName(chosen)}
          />
        )}
        <span className="row right wrap statistics-tools">
          {view === 'chart' && (
            <Switch
              label="Log counts"
              checked={scale === 'log'}
              onChange={(event) => setScale(event.currentTarget.checked ? 'log' : 'linear')}
            />
          )}
          {layer?.scaled != null && (
            <SegmentedControl
              className="small-seg"
              aria-label="Values"
              data={[
                { value: 'scaled', label: isByRecipe(layer) ? 'Scaled' : '0 to 1' },
                { value: 'raw', label: 'Raw' },
              ]}
              value={values}
              onChange={(value) => setValues(value === 'raw' ? 'raw' : 'scaled')}
            />
          )}
          <ChartOrTable view={view} setView={setView} />
        </span>
      </header>
      <div className="pad">
        {view === 'chart' ? (
          <Charts {...shared} log={scale === 'log'} />
        ) : (
          <Table {...shared} one={isGeospatial ? 'Band' : 'Channel'} />
        )}
        <div className="m3 s12 channels-foot">
          {view === 'chart' &&
            `Bars: all ${plural(show.counts.items, ...items)}. Line, mean and std: train part. `}
          {view === 'table' &&
            layer !== undefined &&
            `Train part, ${plural(statistics.training?.items ?? 0, ...items)}. `}
          {scaleText(layer, scaled, items[1])}
        </div>
      </div>
    </section>
  )
}

interface BandsProps {
  bands: readonly Band[]
  layer: TrainingLayer | undefined
  scaled: boolean
}

function Charts({ bands, layer, scaled, log }: BandsProps & { log: boolean }) {
  return (
    <div className="channels">
      {bands.map((band) => {
        const numbers = numbersOf(band, layer, scaled)
        return (
          <div key={band.name}>
            <div className="row s12 channel-head">
              <b className="mid">{capital(band.name)}</b>
              <span className="right m3 nowrap num-tab">
                mean <b className="m2">{measured(numbers.mean, scaled)}</b>&ensp;std{' '}
                <b className="m2">{measured(numbers.std, scaled)}</b>
              </span>
            </div>
            {band.histogram === undefined || band.histogram.counts.length === 0 ? (
              <div className="channel-none m3 s12">
                {band.n === 0 ? 'It has no values.' : 'No histogram was kept of this version.'}
              </div>
            ) : (
              <HistogramChart
                histogram={band.histogram}
                possible={possibleOf(layer)}
                whole={isWhole(layer)}
                mean={numbersOf(band, layer, false).mean}
                color={colorOf(band.name)}
                log={log}
                write={writer(layer, scaled, band.name)}
                label={`How often each value of ${band.name} occurs`}
              />
            )}
          </div>
        )
      })}
    </div>
  )
}

function Table({ bands, layer, scaled, one }: BandsProps & { one: string }) {
  const invalid = bands.some((band) => band.invalid > 0)
  const rows = bands.map((band) => ({ band, numbers: numbersOf(band, layer, scaled) }))
  return (
    <div className="distribution-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{one}</th>
            {[
              'Mean',
              'Std',
              'Min',
              ...(rows[0]?.numbers.percentiles ?? []).map(([name]) => `${name} %`),
              'Max',
            ].map((title) => (
              <th key={title} scope="col" className="num">
                {title}
              </th>
            ))}
            {invalid && (
              <th scope="col" className="num">
                No number
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ band, numbers }) => (
            <tr key={band.name}>
              <th scope="row">
                <span className="row part-key">
                  <span className="sq" style={{ background: colorOf(band.name) }} />
                  {capital(band.name)}
                </span>
              </th>
              {[
                numbers.mean,
                numbers.std,
                numbers.min,
                ...numbers.percentiles.map(([, each]) => each),
                numbers.max,
              ].map((value, index) => (
                <td key={index} className="num">
                  {measured(value, scaled)}
                </td>
              ))}
              {invalid && <td className="num">{count(band.invalid)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
