import { axisOf, barsPath, binsFor, type Histogram, placeOn, type Range, rebinned } from './histogram'
import './charts.css'

interface HistogramChartProps {
  histogram: Histogram
  /** All values that are possible; null where nobody can say. */
  possible: Range | null
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
  const { histogram, possible, mean, color, log, write, label } = props
  const axis = axisOf(histogram, possible)
  const heights = rebinned(histogram, axis, binsFor(histogram, axis, MOST_BARS))
  const place = mean === null ? null : placeOn(axis, mean)
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, ${write(axis.low)} to ${write(axis.high)}`}
      >
        <path d={barsPath(heights, WIDTH, HEIGHT, log)} style={{ fill: color }} className="histogram-bars" />
        <path d={`M0 ${HEIGHT}H${WIDTH}`} className="histogram-ground" />
        {place !== null && <path d={`M${place * WIDTH} 0V${HEIGHT}`} className="histogram-mean" />}
      </svg>
      <figcaption className="row s11 m3">
        <span>{write(axis.low)}</span>
        <span className="right">{write(axis.high)}</span>
      </figcaption>
    </figure>
  )
}
