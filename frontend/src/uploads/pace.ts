const WINDOW_MS = 6_000
const SAYS_AFTER_MS = 3_000
const SAMPLE_MS = 200

/** How fast bytes go, over the last seconds. */
export class Pace {
  private samples: { at: number; bytes: number }[] = []
  private since: number | null = null

  /** Begin anew: what stood still before says nothing about now. */
  restart(): void {
    this.samples = []
    this.since = null
  }

  add(at: number, bytes: number): void {
    this.since ??= at
    const last = this.samples.at(-1)
    if (last !== undefined && bytes < last.bytes) this.samples = []
    if (last === undefined || bytes < last.bytes || at - last.at >= SAMPLE_MS)
      this.samples.push({ at, bytes })
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > WINDOW_MS) this.samples.shift()
  }

  /** Bytes per second; null while nobody can know. */
  rate(at: number): number | null {
    const [first] = this.samples
    const last = this.samples.at(-1)
    if (first === undefined || last === undefined || last.at === first.at) return null
    return (1000 * (last.bytes - first.bytes)) / Math.max(1, Math.max(last.at, at) - first.at)
  }

  /** Seconds for the rest; null in the first three seconds, when a guess would jump about. */
  secondsLeft(at: number, rest: number): number | null {
    const rate = this.rate(at)
    if (rate === null || rate <= 0 || this.since === null || at - this.since < SAYS_AFTER_MS) return null
    return rest / rate
  }
}
