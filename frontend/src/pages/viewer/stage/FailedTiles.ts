import DataTile from 'ol/DataTile'
import { getCenter } from 'ol/extent'
import type Map from 'ol/Map'
import Overlay from 'ol/Overlay'
import { problemOf } from '@/api/errors'
import { Dropped } from '../model/tileStore'
import type { PictureSource } from './PictureSource'

const MOST_SHOWN = 12

interface Failed {
  level: number
  overlay: Overlay
}

/** Says in the place of each tile that did not load why, with a button that asks again. */
export class FailedTiles {
  retry: () => void = () => undefined
  private readonly failed: Failed[] = []

  constructor(
    private readonly map: Map,
    private readonly said: (message: string | null) => void,
  ) {}

  watch(source: PictureSource): void {
    source.on('tileloaderror', ({ tile }) => {
      const error = tile instanceof DataTile ? tile.getError() : null
      if (error !== null && !(error instanceof Dropped)) this.add(source, tile.getTileCoord(), error)
    })
  }

  private add(source: PictureSource, tileCoord: number[], error: Error): void {
    const grid = source.getTileGrid()
    if (grid === null) return
    const { message, hint } = problemOf(error)
    const level = grid.getMaxZoom() - (tileCoord[0] ?? 0)
    const overlay = new Overlay({
      element: this.button(message),
      position: getCenter(grid.getTileCoordExtent(tileCoord)),
      positioning: 'center-center',
    })
    this.failed.push({ level, overlay })
    if (this.failed.length <= MOST_SHOWN) this.map.addOverlay(overlay)
    this.said(`${message} ${hint}`)
  }

  private button(message: string): HTMLElement {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = 'tile-failed'
    element.title = message
    element.textContent = 'Did not load. Try again'
    element.addEventListener('click', () => this.retry())
    return element
  }

  /** Forgets failures of levels that are not shown any more. */
  forgetOthers(level: number): void {
    for (const each of this.failed.filter((failed) => failed.level !== level)) {
      this.map.removeOverlay(each.overlay)
      this.failed.splice(this.failed.indexOf(each), 1)
    }
    if (this.failed.length === 0) this.said(null)
  }

  clear(): void {
    this.forgetOthers(-1)
  }
}
