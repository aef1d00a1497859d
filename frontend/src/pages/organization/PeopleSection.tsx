import { ActionIcon, Button, Menu, Select } from '@mantine/core'
import { IconDotsVertical, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { useSession } from '@/api/session'
import { Confirm } from '@/parts/Confirm'
import { when } from '@/parts/format'
import { Name } from '@/parts/Name'
import { useAct } from '@/parts/useAct'
import { usePages } from '@/parts/usePages'
import { AddPersonDialog } from './AddPersonDialog'
import { LinkDialog } from './LinkDialog'
import { type May, ROLES, roleWord } from './roles'
import { Section } from './Section'

type Person = Schemas['UserView']
const LISTS = [['people'], ['teams']]

export function PeopleSection({ may }: { may: May }) {
  const people = usePages<Person>(['people'], (after, signal) =>
    unwrap(api.GET('/api/v1/users', { params: { query: { limit: 100, after } }, signal })),
  )
  const [adding, setAdding] = useState(false)
  const [link, setLink] = useState<string | null>(null)
  return (
    <Section
      title="People"
      text="Who may sign in, and what their role lets them do. What somebody did stays when they leave."
      list={people}
      action={
        may.people && (
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Add person
          </Button>
        )
      }
    >
      <div className="card organization-table">
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Role</th>
              <th>Teams</th>
              <th>Since</th>
              {may.people && <th aria-label="Actions" />}
            </tr>
          </thead>
          <tbody>
            {people.items.map((person) => (
              <PersonRow key={person.id} person={person} may={may} showLink={setLink} />
            ))}
          </tbody>
        </table>
      </div>
      {adding && <AddPersonDialog close={() => setAdding(false)} showLink={setLink} />}
      <LinkDialog path={link} close={() => setLink(null)} />
    </Section>
  )
}

interface RowProps {
  person: Person
  may: May
  showLink: (path: string) => void
}

function PersonRow({ person, may, showLink }: RowProps) {
  const self = useSession().data?.user.id === person.id
  const path = { params: { path: { user: person.id } } }
  const change = useAct(
    (body: Schemas['UserChange']) => unwrap(api.PATCH('/api/v1/users/{user}', { ...path, body })),
    [...LISTS, ['session']],
  )
  const title = person.name || person.email
  return (
    <tr className={person.active ? '' : 'inactive'}>
      <td>
        <div className="b">
          <Name text={title} />
        </div>
        {person.name !== '' && (
          <div className="m3 s12">
            <Name text={person.email} />
          </div>
        )}
      </td>
      <td>
        {may.people && person.active ? (
          <Select
            size="xs"
            w={150}
            aria-label={`Role of ${title}`}
            data={ROLES}
            allowDeselect={false}
            value={person.role}
            onChange={(role) => role !== null && change.mutate({ role })}
          />
        ) : (
          roleWord(person.role)
        )}
      </td>
      <td className="m2">
        {person.teams.map((team) => (
          <span key={team.id} className="chip organization-chip">
            <bdi className="el">{team.name}</bdi>
          </span>
        ))}
      </td>
      <td className="m2 nowrap">{person.active ? when(person.created_at) : 'Deactivated'}</td>
      {may.people && (
        <td>
          <PersonMenu
            person={person}
            title={title}
            self={self}
            showLink={showLink}
            restore={() => change.mutate({ active: true })}
          />
        </td>
      )}
    </tr>
  )
}

interface MenuProps {
  person: Person
  title: string
  self: boolean
  showLink: (path: string) => void
  restore: () => void
}

function PersonMenu({ person, title, self, showLink, restore }: MenuProps) {
  const [asking, setAsking] = useState(false)
  const path = { params: { path: { user: person.id } } }
  const invite = useAct(() => unwrap(api.POST('/api/v1/users/{user}/sign-in-link', path)), [])
  const deactivate = useAct(() => unwrap(api.DELETE('/api/v1/users/{user}', path)), LISTS)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${title}`}>
            <IconDotsVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {person.active && (
            <Menu.Item
              onClick={() => invite.mutate(undefined, { onSuccess: (made) => showLink(made.sign_in_link) })}
            >
              Make a sign-in link
            </Menu.Item>
          )}
          {person.active && !self && (
            <Menu.Item color="red" onClick={() => setAsking(true)}>
              Deactivate
            </Menu.Item>
          )}
          {!person.active && <Menu.Item onClick={restore}>Let them sign in again</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        close={() => setAsking(false)}
        title={
          <>
            Deactivate <bdi>{title}</bdi>?
          </>
        }
        verb="Deactivate"
        busy={deactivate.isPending}
        run={() => deactivate.mutate(undefined, { onSettled: () => setAsking(false) })}
      >
        Their sessions and tokens stop at once. Their datasets and everything that they did stay. You can let
        them in again later.
      </Confirm>
    </>
  )
}
