import { axisOf, barsPath, binsFor, type Histogram, placeOn, type Range, rebinned } from './histogram'
import './charts.css'

interface HistogramChartProps {
  histogram: Histogram
  /** All values that are possible; null where nobody can say. */
  possible: Range | null
  /** Whole numbers: a bin of width 1 is one value, and the last one is one below the end. */
  whole: boolean
  /** Where a line stands, in the histogram's values. */
  mean: number | null
  color: string
  log: boolean
  /** How a value of the axis is written. */
  write: (value: number) => string
  label: string
}

const WIDTH = 256
const HEIGHT = 54
const MOST_BARS = 64

/** How often each value occurs, from the smallest that is possible to the largest. */
export function HistogramChart(props: HistogramChartProps) {
  const { histogram, possible, whole, mean, color, log, write, label } = props
  const axis = axisOf(histogram, possible)
  const heights = rebinned(histogram, axis, binsFor(histogram, axis, MOST_BARS))
  const place = mean === null ? null : placeOn(axis, whole ? mean + 0.5 : mean)
  const last = whole ? axis.high - 1 : axis.high
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, ${write(axis.low)} to ${write(last)}`}
      >
        <path d={barsPath(heights, WIDTH, HEIGHT, log)} style={{ fill: color }} className="histogram-bars" />
        <path d={`M0 ${HEIGHT}H${WIDTH}`} className="histogram-ground" />
        {place !== null && <path d={`M${place * WIDTH} 0V${HEIGHT}`} className="histogram-mean" />}
      </svg>
      <figcaption className="row s11 m3">
        <span>{write(axis.low)}</span>
        <span className="right">{write(last)}</span>
      </figcaption>
    </figure>
  )
}
