import { useReadout } from '../hooks/useReadout'
import { useFrames, useSliceIndex, useViewer } from '../hooks/useViewer'
import { Section } from './Section'

/** The value, the place and the label of the pixel under the cursor. */
export function CursorSection() {
  const { slices, spacing, item } = useViewer()
  const { frame, count } = useFrames()
  const slice = useSliceIndex()
  const readout = useReadout()
  const inSlice = slices === null ? '' : `, slice ${slice + 1}`
  const inFrame = count === 1 ? '' : `, frame ${frame + 1}`
  return (
    <Section title="Under the cursor">
      <dl className="kv">
        <dt>Value</dt>
        <dd className="el">
          <b data-testid="value">{readout?.value ?? '–'}</b>
          {readout !== null && item.image.unit !== '' && <span className="m3"> {item.image.unit}</span>}
        </dd>
        <dt>Pixel</dt>
        <dd data-testid="pixel">
          {readout === null ? '–' : `${readout.pixel.join(', ')}${inSlice}${inFrame}`}
        </dd>
        {spacing !== null && (
          <>
            <dt>Position, mm</dt>
            <dd>{readout?.position ?? '–'}</dd>
          </>
        )}
        <dt>Label</dt>
        <dd className="el">
          <bdi>{readout === null ? '–' : readout.classes.join(', ') || 'none'}</bdi>
        </dd>
      </dl>
    </Section>
  )
}
