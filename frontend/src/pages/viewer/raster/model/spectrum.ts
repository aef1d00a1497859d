/** The axes of a plot of bands. All are pure. */

export interface Scale {
  low: number
  high: number
  step: number
}

/** Where each band stands between two ends: by its wavelength where all have one, else one after the other. */
export function pointsOf(
  bands: readonly { wavelength: number | null }[],
  from: number,
  to: number,
): number[] {
  const waves = bands.map(({ wavelength }) => wavelength)
  const known = waves.filter((wave) => wave !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const isByWave = known.length === bands.length && most > least
  return waves.map((wave, index) => {
    const share = isByWave
      ? ((wave ?? least) - least) / (most - least)
      : bands.length === 1
        ? 0.5
        : index / (bands.length - 1)
    return from + share * (to - from)
  })
}

/** Round ends and a round step around values; from 0 where none is below. */
export function scaleOf(values: readonly number[]): Scale {
  const least = Math.min(0, ...values)
  const most = Math.max(0, ...values)
  const width = most - least || 1
  const power = 10 ** Math.floor(Math.log10(width))
  const step = ([0.25, 0.5, 1, 2].find((each) => width / (each * power) <= 5) ?? 2) * power
  return { low: Math.floor(least / step) * step, high: Math.ceil(most / step) * step || step, step }
}

/** The values that lines are drawn at. */
export function stepsOf({ low, high, step }: Scale): number[] {
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) =>
    Number((low + index * step).toPrecision(12)),
  )
}
