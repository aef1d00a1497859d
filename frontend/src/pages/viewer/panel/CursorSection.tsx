import { useReadout } from '../hooks/useReadout'
import { useSliceIndex, useViewer } from '../hooks/useViewer'
import { Section } from './Section'

/** The value, the place and the label of the pixel under the cursor. */
export function CursorSection() {
  const { slices, spacing } = useViewer()
  const slice = useSliceIndex()
  const readout = useReadout()
  const inSlice = slices === null ? '' : `, slice ${slice + 1}`
  return (
    <Section title="Under the cursor">
      <dl className="kv">
        <dt>Value</dt>
        <dd className="el" data-testid="value">
          <b>{readout?.value ?? '–'}</b>
        </dd>
        <dt>Pixel</dt>
        <dd data-testid="pixel">{readout === null ? '–' : `${readout.pixel.join(', ')}${inSlice}`}</dd>
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
