import { useDocumentTitle } from '@mantine/hooks'
import { NavLink, useParams } from 'react-router'
import { useSession } from '@/api/session'
import { NothingHere } from '@/parts/Messages'
import { PeopleSection } from './PeopleSection'
import { may } from './roles'
import { RootsSection } from './RootsSection'
import { StorageSection } from './StorageSection'
import { TeamsSection } from './TeamsSection'
import './organization.css'

const SECTIONS = [
  { name: 'people', title: 'People', Section: PeopleSection },
  { name: 'teams', title: 'Teams', Section: TeamsSection },
  { name: 'roots', title: 'Server folders', Section: RootsSection },
  { name: 'storage', title: 'Storage', Section: StorageSection },
] as const

/** People, teams, the server's folders and its storage; what a person may not change they may read. */
export default function OrganizationPage() {
  const { section = 'people' } = useParams()
  const session = useSession().data
  const shown = SECTIONS.find((each) => each.name === section)
  useDocumentTitle(`${shown?.title ?? 'Organization'} – Triptych`)
  if (!session) return null
  if (shown === undefined) return <NothingHere />
  return (
    <div className="organization">
      <nav className="side organization-nav" aria-label="Organization">
        <h2 className="el">
          <bdi>{session.organization}</bdi>
        </h2>
        {SECTIONS.map(({ name, title }) => (
          <NavLink key={name} to={`/organization/${name}`} className={name === section ? 'on' : ''}>
            {title}
          </NavLink>
        ))}
      </nav>
      <div className="scroll-y organization-content">
        <shown.Section may={may(session.user.role)} />
      </div>
    </div>
  )
}
