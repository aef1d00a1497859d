import { Button } from '@mantine/core'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useSession } from '@/api/session'
import { Centred } from '@/parts/Messages'
import { usePages } from '@/parts/usePages'
import type { May } from './roles'
import { Section } from './Section'
import { TeamCard } from './TeamCard'
import { TeamNameDialog } from './TeamNameDialog'

export function TeamsSection({ may }: { may: May }) {
  const session = useSession().data
  const teams = usePages<Schemas['TeamView']>(['teams'], (after, signal) =>
    unwrap(api.GET('/api/v1/teams', { params: { query: { limit: 100, after } }, signal })),
  )
  const [adding, setAdding] = useState(false)
  const managed = new Set(session?.user.teams.filter((team) => team.manages).map((team) => team.id))
  return (
    <Section
      title="Teams"
      text="People who work together. A manager of a team says who belongs to it."
      list={teams}
      action={
        may.teams && (
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Add team
          </Button>
        )
      }
    >
      {teams.items.map((team) => (
        <TeamCard
          key={team.id}
          team={team}
          mayChange={may.teams || managed.has(team.id)}
          mayRemove={may.teams}
        />
      ))}
      {teams.items.length === 0 && !teams.isPending && (
        <Centred icon={<IconUsersGroup size={20} stroke={1.7} aria-hidden />} title="No team yet">
          {may.teams ? 'Add one, then its people.' : 'An administrator adds teams.'}
        </Centred>
      )}
      {adding && <TeamNameDialog close={() => setAdding(false)} />}
    </Section>
  )
}
