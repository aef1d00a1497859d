import { Menu } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { memo } from 'react'
import { useKeys } from '@/keys/registry'
import { type Cine, RATES, useCine } from '../hooks/useCine'
import { STACK_TITLES, useFrames, useStackIndex, useViewer } from '../hooks/useViewer'
import { IconButton } from '../panel/IconButton'
import { NumberField } from '../panel/NumberField'
import { SliceTrack } from './SliceTrack'

/** The axis that the screen lacks: slices or frames, one after the other or played. */
export const AxisBar = memo(function AxisBar({ isPhone = false }: { isPhone?: boolean }) {
  const viewer = useViewer()
  const { stack, goInStack } = viewer
  const index = useStackIndex()
  const cine = useCine(viewer)
  useKeys([
    {
      id: 'viewer.play',
      combo: 'Space',
      label: stack?.kind === 'frame' ? 'Play the frames' : 'Play the slices',
      group: 'Items and slices',
      run: cine.toggle,
    },
  ])
  // The place is kept while the slices come.
  if (stack === null) return <footer className={isPhone ? 'phone-axis' : 'axis'} aria-busy />
  const { count } = stack
  const title = STACK_TITLES[stack.kind]
  const track = <SliceTrack label={title} count={count} index={index} goTo={goInStack} />
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
        {stack.kind === 'slice' && <FrameSteps />}
      </div>
    )
  }
  return (
    <footer className="axis">
      {play}
      <Rate cine={cine} what={`${stack.kind}s`} />
      <span className="m3">{title}</span>
      {track}
      <span className="axis-number">
        <NumberField
          label=""
          name={`${title} number`}
          value={index + 1}
          digits={0}
          commit={(wanted) => goInStack(Math.max(0, Math.min(count - 1, Math.round(wanted) - 1)))}
        />
      </span>
      <span className="m3 nowrap">of {count}</span>
      {stack.kind === 'slice' && <FrameSteps />}
      <span className="vbar-line axis-hint" />
      <span className="m3 s12 nowrap axis-hint">
        <kbd>↑</kbd> <kbd>↓</kbd> {stack.kind}
      </span>
      <span className="m3 s12 nowrap axis-hint">
        <kbd>←</kbd> <kbd>→</kbd> item
      </span>
    </footer>
  )
})

function Rate({ cine, what }: { cine: Cine; what: string }) {
  const { rate, own, setRate } = cine
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button type="button" className="plain chip" aria-label={`${rate} ${what} per second`}>
          {rate} per s
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {own !== null && (
          <Menu.Item onClick={() => setRate(null)}>
            {own} per s <span className="m3">as the file says</span>
          </Menu.Item>
        )}
        {RATES.map((each) => (
          <Menu.Item key={each} onClick={() => setRate(each)}>
            {each} per s
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The frames of a slice that has several; the slider stays with the slices. */
function FrameSteps() {
  const { stepFrame } = useViewer()
  const { frame, count } = useFrames()
  if (count === 1) return null
  return (
    <span className="row frame-steps" role="group" aria-label="Frames of this slice">
      <IconButton
        icon={IconChevronLeft}
        label="Frame before"
        keys="["
        isSmall
        disabled={frame === 0}
        onClick={() => stepFrame(-1)}
      />
      <span className="m2 s12 nowrap num-tab">
        Frame {frame + 1} of {count}
      </span>
      <IconButton
        icon={IconChevronRight}
        label="Frame after"
        keys="]"
        isSmall
        disabled={frame === count - 1}
        onClick={() => stepFrame(1)}
      />
    </span>
  )
}
