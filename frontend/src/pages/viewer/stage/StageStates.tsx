import { Button } from '@mantine/core'
import { IconAlertCircle, IconCubeOff } from '@tabler/icons-react'
import { Centred } from '@/parts/Messages'
import { type Store, useStore } from '../model/store'

/** In place of a stage where nothing can be drawn. */
export function NoWebGl() {
  return (
    <main className="stage">
      <Centred
        level={1}
        icon={<IconCubeOff size={20} stroke={1.7} aria-hidden />}
        title="This browser does not draw with the graphics card"
      >
        The viewer needs WebGL. Switch hardware acceleration on in the browser’s settings, or take another
        browser.
      </Centred>
    </main>
  )
}

/** Shows itself after a moment, so that nothing flickers. */
export function Loading({ store }: { store: Store<boolean> }) {
  return useStore(store) ? <div className="stage-loading" aria-hidden /> : null
}

/** Why tiles are missing, and a way to get them. */
export function Failed({ why, retry }: { why: string; retry: () => void }) {
  return (
    <div className="stage-failed" role="status">
      <IconAlertCircle size={16} stroke={1.7} className="bad" aria-hidden />
      <span className="grow">{why}</span>
      <Button size="compact-sm" onClick={retry}>
        Try again
      </Button>
    </div>
  )
}
