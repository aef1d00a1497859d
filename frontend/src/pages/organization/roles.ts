import type { Role } from '@/api/session'

export const ROLES: readonly { value: Role; label: string; text: string }[] = [
  { value: 'administrator', label: 'Administrator', text: 'Everything, people and server folders included' },
  {
    value: 'dataset_manager',
    label: 'Dataset manager',
    text: 'All datasets and all jobs of the organization',
  },
  { value: 'team_manager', label: 'Team manager', text: 'Adds datasets, leads teams' },
  { value: 'member', label: 'Member', text: 'Adds datasets, sees their own and what is shared' },
]

export function roleWord(role: Role): string {
  return ROLES.find((each) => each.value === role)?.label ?? role
}

/** What a role may change here; the server asks again, this only spares people buttons that would be refused. */
export interface May {
  people: boolean
  teams: boolean
  roots: boolean
  administer: boolean
}

export function may(role: Role): May {
  const administers = role === 'administrator'
  return { people: administers, teams: administers, roots: administers, administer: administers }
}
