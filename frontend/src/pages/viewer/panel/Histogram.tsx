import { useRef } from 'react'
import { barsOf, isWhole, type Range, valueText, widened } from '../model/windowing'
import type { BandStatistics } from '../types'

const WIDTH = 272
const HEIGHT = 64

interface HistogramProps {
  statistics: BandStatistics
  range: Range
  dtype: string
  setRange: (range: Range) => void
  reset: () => void
}

/** Values by the logarithm of their counts, with handles for the darkest and the brightest value shown. */
export function Histogram({ statistics, range, dtype, setRange, reset }: HistogramProps) {
  const area = useRef<SVGSVGElement>(null)
  const domain = widened(
    { low: Math.min(statistics.min, range.low), high: Math.max(statistics.max, range.high) },
    dtype,
  )
  const at = (value: number) => ((value - domain.low) / (domain.high - domain.low)) * WIDTH
  const [low, high] = [at(range.low), at(range.high)]
  const path = stepsOf(statistics, at)
  const valueAt = (clientX: number) => {
    const box = area.current?.getBoundingClientRect()
    if (box === undefined) return domain.low
    const share = (clientX - box.left - 6) / (box.width - 12)
    return domain.low + Math.max(0, Math.min(1, share)) * (domain.high - domain.low)
  }
  const move = (end: 'low' | 'high', value: number) => {
    const rounded = isWhole(dtype) ? Math.round(value) : value
    const least = isWhole(dtype) ? 1 : (domain.high - domain.low) / 1000
    setRange(
      end === 'low'
        ? { low: Math.min(rounded, range.high - least), high: range.high }
        : { low: range.low, high: Math.max(rounded, range.low + least) },
    )
  }
  const step = isWhole(dtype)
    ? Math.max(1, Math.round((domain.high - domain.low) / 256))
    : (domain.high - domain.low) / 256
  return (
    <>
      {/* A double click is a shortcut; the button above does the same for the keyboard. */}
      <svg ref={area} className="histogram" viewBox={`-6 0 ${WIDTH + 12} 76`} onDoubleClick={reset}>
        <clipPath id="histogram-window">
          <rect x={low} width={Math.max(0, high - low)} height={HEIGHT} />
        </clipPath>
        <path d={path} fill="var(--ink-3)" opacity={0.5} />
        <path d={path} fill="var(--accent)" clipPath="url(#histogram-window)" />
        <path d={`M0 ${HEIGHT}H${WIDTH}`} stroke="var(--line-2)" />
        <path d={`M${low} ${HEIGHT}L${high} 0`} stroke="var(--ink)" strokeWidth={1.2} opacity={0.7} />
        {(['low', 'high'] as const).map((end) => (
          <Handle
            key={end}
            x={end === 'low' ? low : high}
            label={end === 'low' ? 'Darkest value shown' : 'Brightest value shown'}
            value={range[end]}
            domain={domain}
            step={step}
            moveTo={(clientX) => move(end, valueAt(clientX))}
            moveBy={(by) => move(end, range[end] + by)}
          />
        ))}
      </svg>
      <div className="row s11 m3 histogram-ends">
        <span>{valueText(domain.low, dtype)}</span>
        <span className="right">{valueText(domain.high, dtype)}</span>
      </div>
    </>
  )
}

interface HandleProps {
  x: number
  label: string
  value: number
  domain: Range
  step: number
  moveTo: (clientX: number) => void
  moveBy: (by: number) => void
}

function Handle({ x, label, value, domain, step, moveTo, moveBy }: HandleProps) {
  const arrows: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
  }
  return (
    <g
      className="histogram-handle"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={domain.low}
      aria-valuemax={domain.high}
      aria-valuenow={value}
      transform={`translate(${x} 0)`}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) moveTo(event.clientX)
      }}
      onKeyDown={(event) => {
        const by = arrows[event.key]
        if (by === undefined) return
        event.preventDefault()
        event.stopPropagation()
        moveBy(by * step)
      }}
    >
      <rect x={-12} width={24} height={76} fill="transparent" />
      <path d={`M0 0V${HEIGHT}`} />
      <path d="M-5 74h10v-6l-5-5-5 5z" />
    </g>
  )
}

function stepsOf({ histogram, max }: BandStatistics, at: (value: number) => number): string {
  const { low, high, counts } = histogram
  const width = (high - low) / counts.length
  // Bins go on beyond the largest value where they are counted in whole steps.
  const last = Math.max(low, Math.min(high, max))
  const steps = barsOf(counts.slice(0, Math.max(1, Math.ceil((last - low) / width)))).map((bar, index) => {
    const y = (HEIGHT * (1 - bar)).toFixed(1)
    const end = Math.min(last, low + (index + 1) * width)
    return `L${at(low + index * width).toFixed(1)} ${y}L${at(end).toFixed(1)} ${y}`
  })
  return `M${at(low).toFixed(1)} ${HEIGHT}${steps.join('')}L${at(last).toFixed(1)} ${HEIGHT}Z`
}

const BAND_COLORS: Record<string, string> = { red: 'var(--c4)', green: 'var(--c3)', blue: 'var(--c6)' }

/** The bands of a coloured picture over each other. */
export function ColorHistogram({ statistics }: { statistics: readonly BandStatistics[] }) {
  const shown = statistics.filter(({ band }) => band !== 'alpha')
  const low = Math.min(...shown.map(({ min }) => min))
  const high = Math.max(...shown.map(({ max }) => max))
  const at = (value: number) => (high > low ? ((value - low) / (high - low)) * WIDTH : 0)
  if (shown.length === 0) return null
  return (
    <svg
      className="histogram"
      viewBox={`-6 0 ${WIDTH + 12} ${HEIGHT + 1}`}
      role="img"
      aria-label="Histogram of the bands"
    >
      {shown.map((each) => (
        <path
          key={each.band}
          d={stepsOf(each, at)}
          fill={BAND_COLORS[each.band] ?? 'var(--ink-3)'}
          opacity={0.45}
        />
      ))}
      <path d={`M0 ${HEIGHT}H${WIDTH}`} stroke="var(--line-2)" />
    </svg>
  )
}
