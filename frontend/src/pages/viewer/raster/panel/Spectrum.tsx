import { pointsOf, scaleOf, stepsOf } from '../model/spectrum'
import { bandName, type RasterBand } from '../types'

export interface Series {
  /** Empty where there is one series alone. */
  name: string
  tone: 'left' | 'right'
  /** In the order of the bands. */
  values: readonly (number | null)[]
}

interface SpectrumProps {
  bands: readonly RasterBand[]
  series: readonly Series[]
  /** Indices of red, green and blue, or of the one band. */
  marked: readonly number[]
}

const WIDTH = 272
const HEIGHT = 92
const LEFT = 34
const MOST_NAMES = 5

/** The values of a pixel's bands, along their wavelengths where all are known. */
export function Spectrum({ bands, series, marked }: SpectrumProps) {
  const along = pointsOf(bands, LEFT + 6, WIDTH - 8)
  const all = series.flatMap(({ values }) => values.flatMap((value) => value ?? []))
  const scale = scaleOf(all)
  const y = (value: number) => HEIGHT - ((value - scale.low) / (scale.high - scale.low)) * HEIGHT
  const step = Math.ceil(bands.length / MOST_NAMES)
  const colors = marked.length === 3 ? ['R', 'G', 'B'] : ['']
  return (
    <figure className="spectrum">
      <svg
        viewBox={`0 -10 ${WIDTH} ${HEIGHT + 26}`}
        role="img"
        aria-label={`Values of ${bands.length} bands${series.length === 0 ? ', none yet' : ''}`}
      >
        {stepsOf(scale).map((value) => (
          <g key={value}>
            <path d={`M${LEFT} ${y(value)}H${WIDTH}`} stroke="var(--line)" />
            <text x={LEFT - 5} y={y(value) + 3} textAnchor="end">
              {axisText(value)}
            </text>
          </g>
        ))}
        {marked.map((band, index) => {
          const x = along[bands.findIndex((each) => each.index === band)]
          return (
            x !== undefined && (
              <g key={index}>
                <path d={`M${x} 2V${HEIGHT}`} stroke="var(--line-2)" strokeDasharray="2 3" />
                <text x={x} y={-2} textAnchor="middle" className="spectrum-mark">
                  {colors[index]}
                </text>
              </g>
            )
          )
        })}
        {bands.map((band, at) =>
          at % step === 0 || at === bands.length - 1 ? (
            <text
              key={band.index}
              x={along[at]}
              y={HEIGHT + 13}
              textAnchor={(along[at] ?? 0) > WIDTH - 22 ? 'end' : 'middle'}
              dx={(along[at] ?? 0) > WIDTH - 22 ? WIDTH - (along[at] ?? 0) : 0}
            >
              {shortName(bandName(band))}
            </text>
          ) : null,
        )}
        {series.map(({ tone, values }) => {
          const points = values.flatMap((value, at) =>
            value === null ? [] : [{ x: along[at] ?? 0, y: y(value) }],
          )
          const inOrder = points.toSorted((a, b) => a.x - b.x)
          return (
            <g key={tone} className={`spectrum-${tone}`}>
              <polyline points={inOrder.map((point) => `${point.x},${point.y}`).join(' ')} fill="none" />
              {inOrder.map((point) => (
                <circle key={point.x} cx={point.x} cy={point.y} r={2} />
              ))}
            </g>
          )
        })}
      </svg>
      {series.some(({ name }) => name !== '') && (
        <figcaption className="row s12">
          {series.map(({ name, tone }) => (
            <span key={tone} className="row">
              <span className={`sq spectrum-key-${tone}`} /> {name}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  )
}

function shortName(name: string): string {
  return name.length > 7 ? `${name.slice(0, 6)}…` : name
}

function axisText(value: number): string {
  const size = Math.abs(value)
  if (size >= 10_000) return `${Number((value / 1000).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
