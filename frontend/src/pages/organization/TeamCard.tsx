import { ActionIcon, Button, Checkbox, Menu, Select } from '@mantine/core'
import { IconDotsVertical, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { Confirm } from '@/parts/Confirm'
import { plural } from '@/parts/format'
import { Name } from '@/parts/Name'
import { useAct } from '@/parts/useAct'
import { usePages } from '@/parts/usePages'
import { TeamNameDialog } from './TeamNameDialog'

type Team = Schemas['TeamView']
const LISTS = [['teams'], ['people'], ['session']]

interface TeamProps {
  team: Team
  mayChange: boolean
  mayRemove: boolean
}

export function TeamCard({ team, mayChange, mayRemove }: TeamProps) {
  const [shown, setShown] = useState<'rename' | 'dissolve' | null>(null)
  const dissolve = useAct(
    () => unwrap(api.DELETE('/api/v1/teams/{team}', { params: { path: { team: team.id } } })),
    LISTS,
  )
  return (
    <section className="card organization-team">
      <header>
        <h2 className="el">
          <Name text={team.name} />
        </h2>
        <span className="m3 nowrap">{plural(team.members.length, 'person', 'people')}</span>
        <span className="grow" />
        {(mayChange || mayRemove) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={`Actions for the team ${team.name}`}>
                <IconDotsVertical size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayChange && <Menu.Item onClick={() => setShown('rename')}>Rename</Menu.Item>}
              {mayRemove && (
                <Menu.Item color="red" onClick={() => setShown('dissolve')}>
                  Dissolve
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </header>
      {team.members.map((member) => (
        <MemberLine key={member.id} team={team} member={member} mayChange={mayChange} />
      ))}
      {team.members.length === 0 && <p className="m3 organization-none">Nobody belongs to it yet.</p>}
      {mayChange && <AddMember team={team} />}
      {shown === 'rename' && <TeamNameDialog team={team} close={() => setShown(null)} />}
      <Confirm
        opened={shown === 'dissolve'}
        close={() => setShown(null)}
        title={
          <>
            Dissolve <bdi>{team.name}</bdi>?
          </>
        }
        verb="Dissolve team"
        busy={dissolve.isPending}
        run={() => dissolve.mutate(undefined, { onSettled: () => setShown(null) })}
      >
        Its people stay. What was shared with the team is no longer shared with them.
      </Confirm>
    </section>
  )
}

function MemberLine({
  team,
  member,
  mayChange,
}: {
  team: Team
  member: Team['members'][number]
  mayChange: boolean
}) {
  const path = { params: { path: { team: team.id, user: member.id } } }
  const put = useAct(
    (manages: boolean) =>
      unwrap(api.PUT('/api/v1/teams/{team}/members/{user}', { ...path, body: { manages } })),
    LISTS,
  )
  const remove = useAct(() => unwrap(api.DELETE('/api/v1/teams/{team}/members/{user}', path)), LISTS)
  const title = member.name || member.email
  return (
    <div className="row organization-member">
      <span className="grow el">
        <Name text={title} />
      </span>
      {mayChange ? (
        <Checkbox
          label="Manages"
          checked={member.manages}
          onChange={(event) => put.mutate(event.currentTarget.checked)}
        />
      ) : (
        <span className="m3 s12">{member.manages ? 'Manages' : ''}</span>
      )}
      {mayChange && (
        <ActionIcon aria-label={`Take ${title} out of ${team.name}`} onClick={() => remove.mutate(undefined)}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </div>
  )
}

function AddMember({ team }: { team: Team }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const people = usePages<Schemas['UserView']>(['people'], (after, signal) =>
    unwrap(api.GET('/api/v1/users', { params: { query: { limit: 100, after } }, signal })),
  )
  const add = useAct(
    (user: string) =>
      unwrap(
        api.PUT('/api/v1/teams/{team}/members/{user}', {
          params: { path: { team: team.id, user } },
          body: { manages: false },
        }),
      ),
    LISTS,
  )
  const inside = new Set(team.members.map((member) => member.id))
  const others = people.items.filter((person) => person.active && !inside.has(person.id))
  return (
    <div className="row organization-member">
      <Select
        className="grow"
        searchable
        clearable
        aria-label={`A person for ${team.name}`}
        placeholder={others.length === 0 ? 'Everybody belongs to it' : 'A name or an e-mail'}
        disabled={others.length === 0}
        data={others.map((person) => ({ value: person.id, label: person.name || person.email }))}
        value={chosen}
        onChange={setChosen}
      />
      <Button
        disabled={chosen === null}
        loading={add.isPending}
        onClick={() => chosen !== null && add.mutate(chosen, { onSuccess: () => setChosen(null) })}
      >
        Add to team
      </Button>
    </div>
  )
}
