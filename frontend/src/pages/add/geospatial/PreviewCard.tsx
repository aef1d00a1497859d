import { useEffect, useRef } from 'react'
import { Name } from '@/parts/Name'
import { paintedSample, shownBands } from '@/parts/recipe/preview'
import type { Geo } from './useGeo'

/** One chip as it will look: it obeys the colours of the bands at once. */
export function PreviewCard({ geo: { form, facts } }: { geo: Geo }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [source] = form.sources
  const sample = facts?.sources.find(({ suffix }) => suffix === source?.suffix)?.sample ?? null
  const pixels = source === undefined || sample === null ? null : paintedSample(source, sample)
  useEffect(() => {
    if (pixels === null || sample === null) return
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, sample.width, sample.height), 0, 0)
  })
  if (source === undefined || sample === null || pixels === null) return null
  const names = shownBands(source).map(({ name }) => name)
  return (
    <section className="card geo-preview" aria-label="Preview">
      <div className="geo-preview-pic">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`A chip with ${names.join(', ')}`}
          width={sample.width}
          height={sample.height}
        />
        <span className="pill geo-preview-name">
          <Name text={`${sample.path.split('/').at(-1) ?? ''}: ${names.join(' ')}`} />
        </span>
      </div>
      <p className="m3 s12 geo-preview-words">
        This is how chips will look. Colours change the view, never the data.
      </p>
    </section>
  )
}
