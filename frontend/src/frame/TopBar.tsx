import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconHelp, IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { NavLink, useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { useSession, useSignOut } from '@/api/session'
import { toastProblem } from '@/parts/toast'
import { Bell } from './Bell'

const ICON = { size: 16, stroke: 1.7, 'aria-hidden': true } as const

/** Mark, organization, the rooms of the house, and at the right what is everywhere. */
export function TopBar({ showKeys, showJump }: { showKeys: () => void; showJump: () => void }) {
  const session = useSession().data
  return (
    <header className="bar">
      <NavLink to="/datasets" className="brand" aria-label="Triptych, to the datasets">
        <Mark /> <span className="brand-word">Triptych</span>
      </NavLink>
      <span className="org el">
        <bdi className="el">{session?.organization}</bdi>
      </span>
      <nav className="nav" aria-label="Main">
        <Room to="/datasets">Datasets</Room>
        <Room to="/jobs">
          Jobs <RunningJobs />
        </Room>
        <Room to="/organization">Organization</Room>
      </nav>
      <span className="grow" />
      <button type="button" className="plain jump" aria-label="Jump to" onClick={showJump}>
        <IconSearch size={14} stroke={1.7} aria-hidden />
        <span>Jump to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <Bell />
      <ThemeToggle />
      <Tooltip label="Keys (?)">
        <ActionIcon onClick={showKeys} aria-label="Keys" className="bar-wide">
          <IconHelp {...ICON} />
        </ActionIcon>
      </Tooltip>
      <Account />
    </header>
  )
}

export function Mark() {
  return (
    <svg viewBox="0 0 25 20" aria-hidden="true">
      <path d="M1 3.2 6.6 1v18L1 16.8z" fill="var(--accent)" opacity=".55" />
      <rect x="7.9" y="1" width="9.2" height="18" fill="var(--accent)" />
      <path d="M24 3.2 18.4 1v18l5.6-2.2z" fill="var(--gold)" />
    </svg>
  )
}

function Room({ to, children }: { to: string; children: React.ReactNode }) {
  return (
    <NavLink to={to} className={({ isActive }) => (isActive ? 'on' : '')}>
      {children}
    </NavLink>
  )
}

function RunningJobs() {
  const running = useQuery({
    queryKey: ['jobs', 'running'],
    queryFn: () => unwrap(api.GET('/api/v1/jobs', { params: { query: { active: true, limit: 100 } } })),
  })
  const number = running.data?.items.length ?? 0
  if (number === 0) return null
  return (
    <span className="badge">
      {number}
      <span className="visually-hidden"> running</span>
    </span>
  )
}

/** Light or dark; until it is pressed the page goes with the system. */
export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={other === 'dark' ? 'Dark' : 'Light'}>
      <ActionIcon onClick={() => setColorScheme(other)} aria-label={`Change to ${other}`}>
        {other === 'dark' ? <IconMoon {...ICON} /> : <IconSun {...ICON} />}
      </ActionIcon>
    </Tooltip>
  )
}

function Account() {
  const session = useSession().data
  const signOut = useSignOut()
  const navigate = useNavigate()
  if (!session) return null
  const { name, email } = session.user
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className="plain avatar" aria-label={`Account of ${name || email}`}>
          {initials(name || email)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{name || email}</bdi>
        </Menu.Label>
        <Menu.Item onClick={() => void navigate('/account')}>Account and tokens</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut().catch((error: unknown) => toastProblem(error))}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Two letters for an avatar: of the first and the last word, or of the address. */
export function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean)
  const letters = [words[0], words.length > 1 && !name.includes('@') ? words.at(-1) : words[1]]
  return letters
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase()
}
