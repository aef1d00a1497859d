"""Who may do what: roles, actions, subjects, and the rules that join them. Pure; rows and routes ask here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(StrEnum):
    """What a user is in the organization."""

    ADMINISTRATOR = "administrator"
    DATASET_MANAGER = "dataset_manager"
    TEAM_MANAGER = "team_manager"
    MEMBER = "member"


class Action(StrEnum):
    """What may be done. The first four are done to one thing, the others in the organization."""

    SEE = "see"
    EDIT = "edit"
    DELETE = "delete"
    SHARE = "share"
    ADD = "add"
    MANAGE_PEOPLE = "manage_people"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. Ids and role are empty for somebody without a sign-in (`ANONYMOUS`)."""

    user_id: str
    organization_id: str
    role: Role | None
    team_ids: frozenset[str] = frozenset()
    managed_team_ids: frozenset[str] = frozenset()


ANONYMOUS = Subject("", "", None)


class GrantKind(StrEnum):
    """To whom something is granted."""

    EVERYONE = "everyone"
    ORGANIZATION = "organization"
    TEAM = "team"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Grant:
    """An action on one thing, granted from `since` until before `expires_at` (None: for good), in seconds
    since 1970. `subject_id` is "" for everyone."""

    kind: GrantKind
    subject_id: str
    action: Action
    since: float
    expires_at: float | None = None

    def holds(self, now: float) -> bool:
        """Whether it holds at the moment."""
        return self.since <= now and (self.expires_at is None or now < self.expires_at)


_DATASET_ACTIONS = frozenset((Action.SEE, Action.EDIT, Action.DELETE, Action.SHARE))

IN_ORGANIZATION: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(Action),
    Role.DATASET_MANAGER: _DATASET_ACTIONS | {Action.ADD},
    Role.TEAM_MANAGER: frozenset((Action.ADD,)),
    Role.MEMBER: frozenset((Action.ADD,)),
}
"""What a role may do in its organization, SEE to SHARE to every dataset of it."""

GRANTED_BY: dict[Action, frozenset[Action]] = {
    Action.SEE: _DATASET_ACTIONS,
    Action.EDIT: frozenset((Action.EDIT, Action.DELETE)),
    Action.DELETE: frozenset((Action.DELETE,)),
    Action.SHARE: frozenset((Action.SHARE,)),
}
"""The grants each of which allows an action: who may do anything to it may see it, who may delete it
may edit it."""


def may_in_organization(subject: Subject, action: Action) -> bool:
    """Whether the subject may do this in their organization."""
    return subject.role is not None and action in IN_ORGANIZATION[subject.role]


def may_on_dataset(
    subject: Subject,
    action: Action,
    *,
    organization_id: str,
    owner_id: str,
    grants: Iterable[Grant],
    now: float,
) -> bool:
    """Whether the subject may do this to a dataset with that organization, owner and grants."""
    if action not in GRANTED_BY:
        return False
    if subject.organization_id == organization_id and may_in_organization(subject, action):
        return True
    if subject.user_id == owner_id != "":
        return True
    return any(
        grant.action in GRANTED_BY[action] and grant.holds(now) and is_granted_to(subject, grant)
        for grant in grants
    )


def is_granted_to(subject: Subject, grant: Grant) -> bool:
    """Whether the subject is among those to whom it is granted."""
    match grant.kind:
        case GrantKind.EVERYONE:
            return True
        case GrantKind.ORGANIZATION:
            return grant.subject_id == subject.organization_id != ""
        case GrantKind.TEAM:
            return grant.subject_id in subject.team_ids
        case GrantKind.USER:
            return grant.subject_id == subject.user_id != ""
