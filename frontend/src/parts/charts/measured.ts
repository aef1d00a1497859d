import type { Histogram } from './histogram'

/** What is known of the values of a band. */
export interface Measured {
  mean: number | null
  std: number | null
  min: number | null
  max: number | null
  histogram?: Histogram
}

/** A measured value with two decimals at most. */
export function measured(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en-GB', { maximumFractionDigits: 2 })
}
