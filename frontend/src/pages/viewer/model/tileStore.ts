import { request } from '@/api/client'
import { type RawTile, tileOf, withMask } from './tiles'

/** One plane of a file. */
export interface Content {
  sha256: string
  /** Of a picture with several planes, from 0. */
  frame: number
  /** Places of bands in the file from 0, joined by commas; without, all of them. */
  places?: string
  /** Whether one more band tells, by 0 and 1, where all of these were measured. */
  isMasked?: boolean
}

/** What contents are told apart by. */
export function contentKey({ sha256, frame, places, isMasked }: Content): string {
  const key = frame === 0 ? sha256 : `${sha256}:${frame}`
  return places === undefined ? key : `${key}~${places}${isMasked === true ? '~mask' : ''}`
}

export interface TileAddress extends Content {
  level: number
  column: number
  row: number
}

/** Why a tile that nobody waits for any more was not loaded. */
export class Dropped extends Error {
  override name = 'Dropped'
}

interface Wanted {
  address: TileAddress
  urgent: boolean
  waiters: { resolve: (tile: RawTile) => void; reject: (error: unknown) => void }[]
  abort: AbortController | null
}

export type Fetching = (address: TileAddress, signal: AbortSignal) => Promise<RawTile>

const AT_ONCE = 6
/** Neighbours that are fetched ahead leave room for what is asked for now. */
const AHEAD_AT_ONCE = 4

/** Decoded tiles of all pictures of a dataset, the least recently used of them forgotten; each is fetched once. */
export class TileStore {
  private readonly tiles = new Map<string, RawTile>()
  private readonly wanted = new Map<string, Wanted>()
  private held = 0

  constructor(
    private readonly fetching: Fetching,
    private readonly budget: number,
  ) {}

  /** The tile when it is here. */
  peek(address: TileAddress): RawTile | undefined {
    const key = keyOf(address)
    const tile = this.tiles.get(key)
    if (tile !== undefined) {
      this.tiles.delete(key)
      this.tiles.set(key, tile)
    }
    return tile
  }

  /** The tile, fetched where it is not here. What is urgent goes before what is fetched ahead. */
  load(address: TileAddress, urgent = true): Promise<RawTile> {
    const here = this.peek(address)
    if (here !== undefined) return Promise.resolve(here)
    const key = keyOf(address)
    const waiting = this.wanted.get(key)
    if (waiting !== undefined) {
      waiting.urgent ||= urgent
      return new Promise((resolve, reject) => {
        waiting.waiters.push({ resolve, reject })
        this.work()
      })
    }
    return new Promise((resolve, reject) => {
      this.wanted.set(key, { address, urgent, waiters: [{ resolve, reject }], abort: null })
      this.work()
    })
  }

  /** Fetches tiles that may be wanted next; that they fail is said when they are asked for. */
  ahead(addresses: readonly TileAddress[]): void {
    for (const address of addresses) this.load(address, false).catch(() => undefined)
  }

  /** Gives up what is fetched for other contents than these; the contents of which something was given up. */
  keepOnly(contents: ReadonlySet<string>): Set<string> {
    const dropped = new Set<string>()
    for (const [key, each] of [...this.wanted]) {
      const content = contentKey(each.address)
      if (contents.has(content)) continue
      this.wanted.delete(key)
      each.abort?.abort()
      for (const { reject } of each.waiters) reject(new Dropped())
      dropped.add(content)
    }
    this.work()
    return dropped
  }

  private work() {
    for (;;) {
      const waiting = [...this.wanted.values()]
      const busy = waiting.filter((each) => each.abort !== null).length
      const idle = waiting.filter((each) => each.abort === null)
      const next = idle.find((each) => each.urgent) ?? (busy < AHEAD_AT_ONCE ? idle[0] : undefined)
      if (next === undefined || busy >= AT_ONCE) return
      this.begin(next)
    }
  }

  private begin(wanted: Wanted) {
    const abort = new AbortController()
    wanted.abort = abort
    const key = keyOf(wanted.address)
    const end = () => {
      if (this.wanted.get(key) === wanted) this.wanted.delete(key)
      this.work()
    }
    this.fetching(wanted.address, abort.signal).then(
      (tile) => {
        this.keep(key, tile)
        for (const { resolve } of wanted.waiters) resolve(tile)
        end()
      },
      (error: unknown) => {
        for (const { reject } of wanted.waiters) reject(error)
        end()
      },
    )
  }

  private keep(key: string, tile: RawTile) {
    if (this.tiles.has(key)) return
    this.tiles.set(key, tile)
    this.held += tile.data.byteLength
    for (const [oldest, other] of this.tiles) {
      if (this.held <= this.budget || oldest === key) return
      this.tiles.delete(oldest)
      this.held -= other.data.byteLength
    }
  }
}

function keyOf(address: TileAddress): string {
  return address.isMasked === true ? `${pathOf(address)} with mask` : pathOf(address)
}

function pathOf({ sha256, frame, places, level, column, row }: TileAddress): string {
  const asked: string[] = []
  // The first plane of all is what a file without frames has, too; its address is the same for both.
  if (frame !== 0) asked.push(`frame=${frame}`)
  if (places !== undefined) asked.push(`bands=${places}`)
  return `${sha256}/${level}/${column}/${row}${asked.length === 0 ? '' : `?${asked.join('&')}`}`
}

/** Tiles of a dataset (a name, an id or NAME@3) from the server. */
export function fetchingFrom(dataset: string): Fetching {
  const base = `/api/v1/datasets/${encodeURIComponent(dataset)}/tiles`
  const fetched = async (path: string, signal: AbortSignal) => {
    const answer = await request(`${base}/${path}`, { signal })
    const { headers } = answer
    return tileOf(await answer.arrayBuffer(), headers.get('X-Shape') ?? '', headers.get('X-Dtype') ?? '')
  }
  return async (address, signal) => {
    const path = pathOf(address)
    if (address.isMasked !== true) return fetched(path, signal)
    const masked = `${path}${path.includes('?') ? '&' : '?'}mask=1`
    const [tile, mask] = await Promise.all([fetched(path, signal), fetched(masked, signal)])
    return withMask(tile, mask)
  }
}

/** Bytes of decoded tiles to hold: 500 slices of 512² in 16 bits where the machine has the memory. */
export function budgetHere(): number {
  const memory = (navigator as { deviceMemory?: number }).deviceMemory ?? 8
  return memory >= 8 ? 384e6 : memory >= 4 ? 192e6 : 96e6
}
