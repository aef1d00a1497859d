import { IconCopy } from '@tabler/icons-react'
import { copyText } from '@/parts/copyText'
import { toast, toastProblem } from '@/parts/toast'
import { useViewer } from '../../hooks/useViewer'
import { valueText } from '../../model/windowing'
import { IconButton } from '../../panel/IconButton'
import { Section } from '../../panel/Section'
import { useRaster } from '../hooks/useRaster'
import { type Reading, type Under, useUnder } from '../hooks/useUnder'
import { isDegrees, systemName } from '../model/ground'
import { dayText } from '../model/moments'
import { labelsOf } from '../model/shown'
import { bandAt, bandName, bandsOf, type RasterBand } from '../types'
import { Spectrum, type Series } from './Spectrum'

/** The values of all bands, the place and the label of the pixel under the cursor. */
export function UnderSection() {
  const { item } = useViewer()
  const under = useUnder()
  const raster = useRaster()
  const { moments, rightAt, leftAt } = raster
  const [top] = raster.right
  const named = (at: number, side: string) =>
    moments.length > 1 && at >= 0 ? `${dayText(moments[at]?.time ?? null)}, ${side}` : side
  const series: Series[] = []
  if (under?.left) series.push({ name: named(leftAt, 'left'), tone: 'left', values: valuesFor(under.left) })
  if (under?.right)
    series.push({
      name: raster.isSwiping ? named(rightAt, 'right') : '',
      tone: 'right',
      values: valuesFor(under.right),
    })
  const bands = top === undefined ? [] : bandsOf(top.layer)
  return (
    <Section
      title="Under the cursor"
      actions={
        <IconButton
          icon={IconCopy}
          label="Copy the values"
          isSmall
          disabled={under?.right == null}
          onClick={() => {
            if (under !== null) copy(under).catch(toastProblem)
          }}
        />
      }
    >
      {bands.length > 1 && <Spectrum bands={bands} series={series} marked={top?.display.bands ?? []} />}
      <dl className="kv">
        {bands.length === 1 && (
          <>
            <dt>Value</dt>
            <dd data-testid="value">{under?.right?.told.replace(/^\S+ /, '') ?? '–'}</dd>
          </>
        )}
        <dt>Pixel</dt>
        <dd data-testid="pixel">
          {under === null ? '–' : `column ${under.pixel[0]}, row ${under.pixel[1]}`}
        </dd>
        {item.place !== null && (
          <>
            <dt>{systemName(item.place.crs)}</dt>
            <dd data-testid="ground">{under?.ground ?? '–'}</dd>
            {!isDegrees(item.place.crs) && (
              <>
                <dt>WGS 84</dt>
                <dd>{under?.lonLat ?? '–'}</dd>
              </>
            )}
          </>
        )}
        {labelsOf(item).length > 0 && (
          <>
            <dt>Label</dt>
            <dd className="el" data-testid="label">
              {under?.label == null ? (
                '–'
              ) : (
                <>
                  {under.label.color !== null && (
                    <span className="sq under-color" style={{ background: under.label.color }} />
                  )}
                  {under.label.name !== String(under.label.id) && `${under.label.id} `}
                  <bdi>{under.label.name}</bdi>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
      {bands.length > 1 && (
        <Values bands={bands} found={under?.right == null ? null : valuesFor(under.right)} />
      )}
    </Section>
  )
}

/** Values of a layer's bands at the date that is shown, in the order of its bands. */
function valuesFor({ shown, values }: Reading): (number | null)[] {
  const byPlace = new Map(values.bands.map(({ index, value }) => [index, value]))
  return bandsOf(shown.layer).map(({ index }) => {
    const band = bandAt(shown.layer, index, shown.date)
    return band === undefined ? null : (byPlace.get(band.index) ?? null)
  })
}

interface ValuesProps {
  bands: readonly RasterBand[]
  /** Null beside the chip. */
  found: readonly (number | null)[] | null
}

/** The plot's table twin; it stays while the pointer is elsewhere, or nobody could open it. */
function Values({ bands, found }: ValuesProps) {
  const text = (value: number | null) => (value === null ? 'no value' : valueText(value, 'float32'))
  return (
    <details className="s12 band-values">
      <summary className="m3">All values</summary>
      <dl className="kv">
        {bands.map((band, place) => (
          <div key={band.index} className="row">
            <dt>
              <bdi>{bandName(band)}</bdi>
            </dt>
            <dd className="right num-tab">{found === null ? '–' : text(found[place] ?? null)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

async function copy({ pixel, right, ground, lonLat }: Under): Promise<void> {
  if (right === null) return
  const found = valuesFor(right)
  const lines = bandsOf(right.shown.layer).map((band, place) => `${bandName(band)}\t${found[place] ?? ''}`)
  const where = [`column ${pixel[0]}, row ${pixel[1]}`, ground, lonLat].filter((each) => each !== null)
  await copyText([where.join('\t'), ...lines].join('\n'))
  toast({ title: 'The values are copied' })
}
