import type Map from 'ol/Map'

const GROUND = '#050608'

/** What the map shows, with all its layers, as PNG in the screen's pixels. */
export async function pngOf(map: Map, target: HTMLElement): Promise<Blob> {
  map.renderSync()
  const ratio = globalThis.devicePixelRatio
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(target.clientWidth * ratio)
  canvas.height = Math.round(target.clientHeight * ratio)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser gives no canvas to draw the picture on.')
  context.fillStyle = GROUND
  context.fillRect(0, 0, canvas.width, canvas.height)
  for (const layer of target.querySelectorAll<HTMLCanvasElement>('.ol-layer canvas, canvas.ol-layer')) {
    if (layer.width === 0) continue
    context.globalAlpha = Number((layer.parentElement?.style.opacity ?? '') || layer.style.opacity || 1)
    const matrix = /^matrix\(([^)]*)\)$/.exec(layer.style.transform)?.[1]?.split(',').map(Number)
    if (matrix?.length === 6) {
      const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = matrix
      context.setTransform(a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio)
    } else {
      context.setTransform(
        (target.clientWidth * ratio) / layer.width,
        0,
        0,
        (target.clientHeight * ratio) / layer.height,
        0,
        0,
      )
    }
    context.drawImage(layer, 0, 0)
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('This browser could not make a PNG of the picture.'))
      else resolve(blob)
    }, 'image/png')
  })
}
