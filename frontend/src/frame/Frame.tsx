import { lazy, useState } from 'react'
import { Outlet, useNavigate } from 'react-router'
import { useKeys } from '@/keys/registry'
import { WhenFirst } from '@/parts/WhenFirst'
import { UploadsHost } from '@/uploads/UploadsHost'
import { useLiveJobs } from './live'
import { TopBar } from './TopBar'

const JumpTo = lazy(() => import('./JumpTo'))
const KeysHelp = lazy(() => import('@/keys/KeysHelp'))

/** The frame of every page but the viewer: bar on top, the page below, and what is everywhere. */
export function Frame() {
  const navigate = useNavigate()
  const [shown, setShown] = useState<'keys' | 'jump' | null>(null)
  const announcement = useLiveJobs()
  useKeys([
    {
      id: 'jump',
      combo: 'Ctrl+K',
      label: 'Jump to anything',
      group: 'Everywhere',
      run: () => setShown('jump'),
    },
    { id: 'keys', combo: '?', label: 'All keys', group: 'Everywhere', run: () => setShown('keys') },
    {
      id: 'datasets',
      combo: 'g d',
      label: 'Datasets',
      group: 'Everywhere',
      run: () => void navigate('/datasets'),
    },
    { id: 'jobs', combo: 'g j', label: 'Jobs', group: 'Everywhere', run: () => void navigate('/jobs') },
  ])
  return (
    <div className="app">
      <a className="skip" href="#content">
        To the content
      </a>
      <TopBar showKeys={() => setShown('keys')} showJump={() => setShown('jump')} />
      <main id="content" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <WhenFirst needed={shown === 'keys'}>
        <KeysHelp opened={shown === 'keys'} close={() => setShown(null)} />
      </WhenFirst>
      <UploadsHost />
      <WhenFirst needed={shown === 'jump'}>
        <JumpTo opened={shown === 'jump'} close={() => setShown(null)} />
      </WhenFirst>
      <div className="visually-hidden" aria-live="polite">
        {announcement}
      </div>
    </div>
  )
}
