import { Button } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useState } from 'react'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { type Session, useRememberSession, useSession } from '@/api/session'
import { Mark } from '@/frame/TopBar'
import { Note } from '@/parts/Messages'
import { safeTarget } from './target'
import { LinkForm } from './LinkForm'
import { PasswordForm } from './PasswordForm'
import './sign-in.css'

/** Sign in by e-mail and password, or by the one-time link whose secret stands behind "#". */
export default function SignInPage() {
  useDocumentTitle('Sign in – Triptych')
  const session = useSession()
  const remember = useRememberSession()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [link] = useState(takeLink)
  const [warnings, setWarnings] = useState<readonly string[]>([])
  const target = safeTarget(search.get('after'))

  const enter = (signedIn: Session) => {
    remember(signedIn)
    if (signedIn.warnings.length > 0) setWarnings(signedIn.warnings)
    else void navigate(target, { replace: true })
  }

  if (session.data && link === '' && warnings.length === 0) return <Navigate to={target} replace />
  return (
    <main className="sign-in">
      <div className="card sign-in-card">
        <div className="row sign-in-brand">
          <Mark />
          <h1>Triptych</h1>
        </div>
        {warnings.length > 0 ? (
          <Warned warnings={warnings} goOn={() => void navigate(target, { replace: true })} />
        ) : link !== '' ? (
          <LinkForm link={link} done={enter} />
        ) : (
          <PasswordForm done={enter} />
        )}
      </div>
    </main>
  )
}

/** The secret leaves the address bar and the history before it is used. */
function takeLink(): string {
  const secret = window.location.hash.slice(1)
  if (secret !== '') window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return secret
}

function Warned({ warnings, goOn }: { warnings: readonly string[]; goOn: () => void }) {
  return (
    <div className="col sign-in-form">
      {warnings.map((warning) => (
        <Note key={warning} kind="warn" role="status">
          {warning}
        </Note>
      ))}
      <Button variant="filled" onClick={goOn}>
        Go on all the same
      </Button>
    </div>
  )
}
