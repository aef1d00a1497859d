import { measured, type Measured } from './measured'
import { HistogramChart } from './HistogramChart'

/** The values that a raster of targets has, of one band: what is learnt where there are no classes. */
export function TargetChart({ band }: { band: Measured }) {
  const { histogram } = band
  return (
    <div className="target">
      <div className="row s12 channel-head">
        <b className="mid">Values</b>
        <span className="right m3 nowrap num-tab">
          mean <b className="m2">{measured(band.mean)}</b>&ensp;std <b className="m2">{measured(band.std)}</b>
          &ensp;{measured(band.min)} to {measured(band.max)}
        </span>
      </div>
      {histogram !== undefined && histogram.counts.length > 0 && (
        <HistogramChart
          histogram={histogram}
          possible={null}
          whole={false}
          mean={band.mean}
          color="var(--accent)"
          log={false}
          write={measured}
          label="How often each value occurs"
        />
      )}
    </div>
  )
}
