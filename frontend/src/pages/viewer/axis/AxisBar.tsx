import { Menu } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { memo } from 'react'
import { useKeys } from '@/keys/registry'
import { RATES, useCine } from '../hooks/useCine'
import { useSliceIndex, useViewer } from '../hooks/useViewer'
import { IconButton } from '../panel/IconButton'
import { NumberField } from '../panel/NumberField'
import { SliceTrack } from './SliceTrack'

/** The axis that the screen lacks: the slices of the series, one after the other or played. */
export const AxisBar = memo(function AxisBar({ isPhone = false }: { isPhone?: boolean }) {
  const viewer = useViewer()
  const { slices, goToSlice } = viewer
  const slice = useSliceIndex()
  const cine = useCine(viewer)
  useKeys([
    {
      id: 'viewer.play',
      combo: 'Space',
      label: 'Play the slices',
      group: 'Items and slices',
      run: cine.toggle,
    },
  ])
  // The place is kept while the slices come.
  if (slices === null) return <footer className={isPhone ? 'phone-axis' : 'axis'} aria-busy />
  const track = <SliceTrack count={slices.length} index={slice} goTo={goToSlice} />
  const play = (
    <IconButton
      icon={cine.isPlaying ? IconPlayerPause : IconPlayerPlay}
      label={cine.isPlaying ? 'Pause' : 'Play'}
      keys="Space"
      onClick={cine.toggle}
    />
  )
  if (isPhone) {
    return (
      <div className="row phone-axis">
        {play}
        {track}
      </div>
    )
  }
  return (
    <footer className="axis">
      {play}
      <Menu position="top-start">
        <Menu.Target>
          <button type="button" className="plain chip" aria-label={`${cine.rate} slices per second`}>
            {cine.rate} per s
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {RATES.map((rate) => (
            <Menu.Item key={rate} onClick={() => cine.setRate(rate)}>
              {rate} per s
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className="m3">Slice</span>
      {track}
      <span className="axis-number">
        <NumberField
          label=""
          name="Slice number"
          value={slice + 1}
          digits={0}
          commit={(wanted) => goToSlice(Math.max(0, Math.min(slices.length - 1, Math.round(wanted) - 1)))}
        />
      </span>
      <span className="m3 nowrap">of {slices.length}</span>
      <span className="vbar-line axis-hint" />
      <span className="m3 s12 nowrap axis-hint">
        <kbd>↑</kbd> <kbd>↓</kbd> slice
      </span>
      <span className="m3 s12 nowrap axis-hint">
        <kbd>←</kbd> <kbd>→</kbd> item
      </span>
    </footer>
  )
})
