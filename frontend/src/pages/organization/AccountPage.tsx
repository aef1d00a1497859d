import { useDocumentTitle } from '@mantine/hooks'
import { useSession } from '@/api/session'
import { Note } from '@/parts/Messages'
import { PasswordCard } from './PasswordCard'
import { roleWord } from './roles'
import { TokensCard } from './TokensCard'
import './organization.css'

/** One's own account: who one is here, the password, and the tokens of one's programs. */
export default function AccountPage() {
  useDocumentTitle('Account – Triptych')
  const session = useSession().data
  if (!session) return null
  const { user } = session
  return (
    <div className="scroll-y organization-content">
      <div className="organization-section">
        <h1>Account</h1>
        {session.warnings.map((warning) => (
          <Note key={warning} kind="warn">
            {warning}
          </Note>
        ))}
        <section className="card">
          <header>
            <h2>
              <bdi>{user.name || user.email}</bdi>
            </h2>
          </header>
          <dl className="pad kv account-facts">
            <dt>E-mail</dt>
            <dd>
              <bdi>{user.email}</bdi>
            </dd>
            <dt>Organization</dt>
            <dd>
              <bdi>{session.organization}</bdi>
            </dd>
            <dt>Role</dt>
            <dd>{roleWord(user.role)}</dd>
            <dt>Teams</dt>
            <dd>
              <bdi>{user.teams.map((team) => team.name).join(', ') || 'None'}</bdi>
            </dd>
          </dl>
        </section>
        <PasswordCard user={user.id} email={user.email} />
        <TokensCard />
      </div>
    </div>
  )
}
