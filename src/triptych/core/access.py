"""Who may do what: pure rules, the same for a single question and for a list.

What may be done to a dataset, by who asks (rows), where the dataset lies and what is granted (columns):

    relation                           | see | label | edit | export | share | delete
    ---------------------------------- | --- | ----- | ---- | ------ | ----- | ------
    administrator, own organization    | yes | yes   | yes  | yes    | yes   | yes
    dataset_manager, own organization  | yes | yes   | yes  | yes    | yes   | yes
    owner, own organization            | yes | yes   | yes  | yes    | yes   | yes
    signed in, granted nothing         | no  | no    | no   | no     | no    | no
    signed in, granted see             | yes | no    | no   | no     | no    | no
    signed in, granted label           | yes | yes   | no   | no     | no    | no
    signed in, granted export          | yes | no    | no   | yes    | no    | no
    signed in, granted edit            | yes | yes   | yes  | yes    | no    | no
    anonymous, granted nothing         | no  | no    | no   | no     | no    | no
    anonymous, granted see             | yes | no    | no   | no     | no    | no
    anonymous, granted label           | yes | no    | no   | no     | no    | no
    anonymous, granted export          | yes | no    | no   | yes    | no    | no
    anonymous, granted edit            | yes | no    | no   | yes    | no    | no

"Signed in" is whoever none of the first three rows fits: team managers and members, and everybody, whatever
the role, on a dataset of another organization. "Granted" is what grants to the user, to one of their teams, to
their organization, to everyone or by a link give; to an anonymous subject, to everyone or by a link.

In the trash a dataset is there only for the first three rows, which may see and delete it: take it back, or
remove it for good.

What a role may do in its own organization, apart from single datasets:

    role            | upload | see_jobs | manage_teams | manage_people | manage_roots | administer
    --------------- | ------ | -------- | ------------ | ------------- | ------------ | ----------
    administrator   | yes    | yes      | yes          | yes           | yes          | yes
    dataset_manager | yes    | yes      | no           | no            | no           | no
    team_manager    | yes    | no       | no           | no            | no           | no
    member          | yes    | no       | no           | no            | no           | no
    anonymous       | no     | no       | no           | no            | no           | no

`see_jobs` is about the jobs of others; one's own are always seen. A person whom a team names as its manager
manages that team (`can_on_team`). What may not be seen does not exist: callers answer "not found".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in their organization."""

    ADMINISTRATOR = "administrator"
    DATASET_MANAGER = "dataset_manager"
    TEAM_MANAGER = "team_manager"
    MEMBER = "member"


class Action(StrEnum):
    """What may be asked for: the first six about a dataset, the others about an organization.

    SEE covers pages, thumbnails, pixels, labels and statistics; EXPORT the original files and exports; EDIT also
    what is shown only to those who may edit, such as personal tags.
    """

    SEE = "see"
    LABEL = "label"
    EDIT = "edit"
    EXPORT = "export"
    SHARE = "share"
    DELETE = "delete"
    UPLOAD = "upload"
    SEE_JOBS = "see_jobs"
    MANAGE_TEAMS = "manage_teams"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ROOTS = "manage_roots"
    ADMINISTER = "administer"


DATASET_ACTIONS = frozenset(
    {Action.SEE, Action.LABEL, Action.EDIT, Action.EXPORT, Action.SHARE, Action.DELETE}
)
ORGANIZATION_ACTIONS = frozenset(Action) - DATASET_ACTIONS

IMPLIED = {
    Action.SEE: frozenset({Action.SEE}),
    Action.LABEL: frozenset({Action.SEE, Action.LABEL}),
    Action.EXPORT: frozenset({Action.SEE, Action.EXPORT}),
    Action.EDIT: frozenset({Action.SEE, Action.LABEL, Action.EXPORT, Action.EDIT}),
}
"""What a grant can be for, and what it brings with it."""

GRANTABLE = frozenset(IMPLIED)
WITHOUT_AN_ACCOUNT = frozenset({Action.SEE, Action.EXPORT})
IN_THE_TRASH = frozenset({Action.SEE, Action.DELETE})

_BY_ROLE = {
    Role.ADMINISTRATOR: frozenset(Action),
    Role.DATASET_MANAGER: DATASET_ACTIONS | {Action.UPLOAD, Action.SEE_JOBS},
    Role.TEAM_MANAGER: frozenset({Action.UPLOAD}),
    Role.MEMBER: frozenset({Action.UPLOAD}),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. All fields are empty for somebody who is not signed in; `ANONYMOUS` is that value."""

    user_id: str | None = None
    organization_id: str | None = None
    role: Role | None = None
    team_ids: frozenset[str] = frozenset()
    managed_team_ids: frozenset[str] = frozenset()


ANONYMOUS = Subject()


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What the rules need to know of a dataset. `granted` holds the actions of the grants that reach the
    subject and have not expired, as they are stored."""

    organization_id: str
    owner_id: str
    granted: frozenset[Action] = frozenset()
    trashed: bool = False


def allowed_by_role(role: Role | None, action: Action) -> bool:
    """Whether the role alone permits the action, on everything of its own organization."""
    return role is not None and action in _BY_ROLE[role]


def can_on_dataset(subject: Subject, action: Action, facts: DatasetFacts) -> bool:
    """Whether the subject may do this to the dataset. False for SEE means that it does not exist for them."""
    at_home = subject.organization_id is not None and subject.organization_id == facts.organization_id
    owns = at_home and subject.user_id is not None and subject.user_id == facts.owner_id
    if action not in DATASET_ACTIONS:
        return False
    if owns or (at_home and allowed_by_role(subject.role, action)):
        return action in IN_THE_TRASH or not facts.trashed
    if facts.trashed or (subject.user_id is None and action not in WITHOUT_AN_ACCOUNT):
        return False
    return any(action in IMPLIED.get(granted, ()) for granted in facts.granted)


def can_in_organization(subject: Subject, action: Action, organization_id: str) -> bool:
    """Whether the subject may do this in the organization; never in one that is not their own."""
    return (
        action in ORGANIZATION_ACTIONS
        and subject.organization_id == organization_id
        and allowed_by_role(subject.role, action)
    )


def can_on_team(subject: Subject, organization_id: str, team_id: str) -> bool:
    """Whether the subject may change the team's name and members: who manages teams, or this one."""
    return can_in_organization(subject, Action.MANAGE_TEAMS, organization_id) or (
        subject.organization_id == organization_id and team_id in subject.managed_team_ids
    )


def can_see_job(subject: Subject, organization_id: str, user_id: str | None) -> bool:
    """Whether the subject may see and cancel the job that `user_id` started in the organization."""
    return can_in_organization(subject, Action.SEE_JOBS, organization_id) or (
        subject.user_id is not None
        and subject.user_id == user_id
        and subject.organization_id == organization_id
    )
