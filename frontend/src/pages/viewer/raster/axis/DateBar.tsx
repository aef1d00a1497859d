import { Menu } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { memo } from 'react'
import { useKeys } from '@/keys/registry'
import { IconButton } from '../../panel/IconButton'
import { useRaster } from '../hooks/useRaster'
import { PACES, usePlay } from '../hooks/usePlay'
import { areOfOneYear, dayText, type Moment } from '../model/moments'
import { DateTrack } from './DateTrack'

/** The axis that the screen lacks: the dates of this ground, with a handle for each side of the swipe. */
export const DateBar = memo(function DateBar({ isPhone = false }: { isPhone?: boolean }) {
  const { moments, rightAt, leftAt, isSwiping } = useRaster()
  const play = usePlay()
  useKeys([
    {
      id: 'viewer.play',
      combo: 'Space',
      label: 'Play the dates',
      group: 'Items and dates',
      run: play.toggle,
    },
  ])
  const isShort = areOfOneYear(moments)
  const text = (moment: Moment | undefined) => dayText(moment?.time ?? null, isShort)
  const button = (
    <IconButton
      icon={play.isPlaying ? IconPlayerPause : IconPlayerPlay}
      label={play.isPlaying ? 'Pause' : 'Play'}
      keys="Space"
      onClick={play.toggle}
    />
  )
  if (isPhone) {
    return (
      <div className="row phone-axis">
        {button}
        <DateTrack isShort={isShort} />
      </div>
    )
  }
  return (
    <footer className="axis date-axis">
      {button}
      <Menu position="top-start">
        <Menu.Target>
          <button type="button" className="plain chip" aria-label={`${play.pace} dates per second`}>
            {play.pace} per s
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {PACES.map((each) => (
            <Menu.Item key={each} onClick={() => play.setPace(each)}>
              {each} per s
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className="m3">Date</span>
      <DateTrack isShort={isShort} />
      <span className="m2 s12 nowrap" data-testid="dates">
        {isSwiping ? (
          <>
            Left <b>{text(moments[leftAt])}</b>, right <b>{text(moments[rightAt])}</b>
          </>
        ) : (
          <>
            <b>{text(moments[rightAt])}</b>, {rightAt + 1} of {moments.length}
          </>
        )}
      </span>
    </footer>
  )
})
