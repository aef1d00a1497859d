"""Teams: groups of users to whom datasets are shown, and those who manage them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from triptych.core.errors import Conflict, NotFound
from triptych.core.ids import new_id
from triptych.db.tables import grants, team_members, teams
from triptych.people import repository
from triptych.people.events import record
from triptych.people.service import check_name

if TYPE_CHECKING:
    from triptych.core.access import Subject


def add_team(connection: sa.Connection, subject: Subject, name: str) -> sa.Row[Any]:
    """A new, empty team. Conflict `name_taken`, InvalidInput `bad_name`."""
    team_id = new_id()
    name = check_name(name)
    try:
        connection.execute(
            sa.insert(teams).values(
                id=team_id, organization_id=subject.organization_id, name=name, created_at=time.time()
            )
        )
    except IntegrityError:
        raise _name_taken(name) from None
    record(connection, subject, "created", "team", team_id, name=name)
    return _team(connection, subject, team_id)


def rename_team(connection: sa.Connection, subject: Subject, team_id: str, name: str) -> sa.Row[Any]:
    """Another name for a team. Conflict `name_taken`, InvalidInput `bad_name`."""
    row = _team(connection, subject, team_id)
    name = check_name(name)
    if name != row.name:
        try:
            connection.execute(sa.update(teams).where(teams.c.id == team_id).values(name=name))
        except IntegrityError:
            raise _name_taken(name) from None
        record(connection, subject, "renamed", "team", team_id, before=row.name, after=name)
    return _team(connection, subject, team_id)


def remove_team(connection: sa.Connection, subject: Subject, team_id: str) -> None:
    """Dissolve a team; its members stay users, and what was shown to it is shown to it no more."""
    row = _team(connection, subject, team_id)
    connection.execute(
        sa.delete(grants).where(grants.c.subject_kind == "team", grants.c.subject_id == team_id)
    )
    connection.execute(sa.delete(team_members).where(team_members.c.team_id == team_id))
    connection.execute(sa.delete(teams).where(teams.c.id == team_id))
    record(connection, subject, "removed", "team", team_id, name=row.name)


def put_member(
    connection: sa.Connection, subject: Subject, team_id: str, user_id: str, *, manages: bool
) -> None:
    """Make a user a member or a manager of a team. NotFound for a user of no such id in the organization."""
    _team(connection, subject, team_id)
    if repository.user(connection, subject.organization_id, user_id) is None:
        raise NotFound("There is no such user.", code="user_not_found")
    match = (team_members.c.team_id == team_id, team_members.c.user_id == user_id)
    changed = connection.execute(sa.update(team_members).where(*match).values(manages=manages)).rowcount
    if not changed:
        connection.execute(sa.insert(team_members).values(team_id=team_id, user_id=user_id, manages=manages))
    record(connection, subject, "member_put", "team", team_id, user=user_id, manages=manages)


def remove_member(connection: sa.Connection, subject: Subject, team_id: str, user_id: str) -> None:
    """Take a user out of a team. NotFound `member_not_found`."""
    _team(connection, subject, team_id)
    gone = connection.execute(
        sa.delete(team_members).where(team_members.c.team_id == team_id, team_members.c.user_id == user_id)
    ).rowcount
    if not gone:
        raise NotFound("The user is not in this team.", code="member_not_found")
    record(connection, subject, "member_removed", "team", team_id, user=user_id)


def _team(connection: sa.Connection, subject: Subject, team_id: str) -> sa.Row[Any]:
    row = repository.team(connection, subject.organization_id, team_id)
    if row is None:
        raise NotFound("There is no such team.", code="team_not_found")
    return row


def _name_taken(name: str) -> Conflict:
    return Conflict(f"A team is called “{name}” already.", code="name_taken", hint="Choose another name.")
