"""Reads of people's tables, as plain statements; every one is bounded by an organization or a primary key.

The organization None is nobody's: it finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db.tables import organizations, roots, team_members, teams, tokens, users

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = sa.Row[Any]


def organization(connection: sa.Connection, organization_id: str) -> Row:
    """The organization."""
    return connection.execute(sa.select(organizations).where(organizations.c.id == organization_id)).one()


def user_by_email(connection: sa.Connection, email: str) -> Row | None:
    """The user with this e-mail, which is unique in the installation."""
    return connection.execute(sa.select(users).where(users.c.email == email)).one_or_none()


def user(connection: sa.Connection, organization_id: str | None, user_id: str) -> Row | None:
    """A user of the organization, deactivated or not. By id alone: an address never holds an e-mail."""
    return connection.execute(
        sa.select(users).where(users.c.id == user_id, users.c.organization_id == organization_id)
    ).one_or_none()


def any_user(connection: sa.Connection, user_id: str) -> Row:
    """The user, of whichever organization."""
    return connection.execute(sa.select(users).where(users.c.id == user_id)).one()


def names_of(connection: sa.Connection, user_ids: Iterable[str | None]) -> dict[str, str]:
    """What to call people, by id: their name, else their e-mail. One statement."""
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    rows = connection.execute(
        sa.select(users.c.id, users.c.name, users.c.email).where(users.c.id.in_(wanted))
    )
    return {row.id: row.name or row.email for row in rows}


def list_users(
    connection: sa.Connection, organization_id: str | None, after: str | None, limit: int
) -> Sequence[Row]:
    """Users by e-mail, from the one after `after`."""
    statement = sa.select(users).where(users.c.organization_id == organization_id)
    if after is not None:
        statement = statement.where(users.c.email > after)
    return connection.execute(statement.order_by(users.c.email).limit(limit)).all()


def memberships(connection: sa.Connection, user_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The teams of each user: rows of user_id, team_id, name and manages, by the team's name."""
    found: dict[str, list[Row]] = {user_id: [] for user_id in user_ids}
    statement: sa.Select[Any] = (
        sa.select(team_members.c.user_id, team_members.c.team_id, teams.c.name, team_members.c.manages)
        .join(teams, teams.c.id == team_members.c.team_id)
        .where(team_members.c.user_id.in_(user_ids))
        .order_by(teams.c.name)
    )
    for row in connection.execute(statement).all():
        found[row.user_id].append(row)
    return found


def active_administrators(connection: sa.Connection, organization_id: str) -> Sequence[Row]:
    """Administrators who can sign in, the first one first."""
    return connection.execute(
        sa.select(users)
        .where(
            users.c.organization_id == organization_id,
            users.c.role == "administrator",
            users.c.deactivated_at.is_(None),
        )
        .order_by(users.c.id)
    ).all()


def team(connection: sa.Connection, organization_id: str | None, id_or_name: str) -> Row | None:
    """A team of the organization."""
    return connection.execute(_by_id_or_name(teams, organization_id, id_or_name)).first()


def list_teams(
    connection: sa.Connection, organization_id: str | None, after: str | None, limit: int
) -> Sequence[Row]:
    """Teams by name, from the one after `after`."""
    statement = sa.select(teams).where(teams.c.organization_id == organization_id)
    if after is not None:
        statement = statement.where(teams.c.name > after)
    return connection.execute(statement.order_by(teams.c.name).limit(limit)).all()


def members(connection: sa.Connection, team_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The members of each team: rows of team_id, user_id, name, email and manages, by e-mail."""
    found: dict[str, list[Row]] = {team_id: [] for team_id in team_ids}
    statement: sa.Select[Any] = (
        sa.select(
            team_members.c.team_id,
            team_members.c.user_id,
            users.c.name,
            users.c.email,
            team_members.c.manages,
        )
        .join(users, users.c.id == team_members.c.user_id)
        .where(team_members.c.team_id.in_(team_ids))
        .order_by(users.c.email)
    )
    for row in connection.execute(statement).all():
        found[row.team_id].append(row)
    return found


def list_tokens(connection: sa.Connection, user_id: str, after: str | None, limit: int) -> Sequence[Row]:
    """A user's tokens, oldest first, the revoked ones too."""
    statement = sa.select(tokens).where(tokens.c.user_id == user_id)
    if after is not None:
        statement = statement.where(tokens.c.id > after)
    return connection.execute(statement.order_by(tokens.c.id).limit(limit)).all()


def root(connection: sa.Connection, organization_id: str | None, id_or_name: str) -> Row | None:
    """A registered folder of the organization."""
    return connection.execute(_by_id_or_name(roots, organization_id, id_or_name)).first()


def list_roots(
    connection: sa.Connection, organization_id: str | None, after: str | None, limit: int
) -> Sequence[Row]:
    """Registered folders by name, from the one after `after`."""
    statement = sa.select(roots).where(roots.c.organization_id == organization_id)
    if after is not None:
        statement = statement.where(roots.c.name > after)
    return connection.execute(statement.order_by(roots.c.name).limit(limit)).all()


def _by_id_or_name(table: sa.Table, organization_id: str | None, id_or_name: str) -> sa.Select[Any]:
    # Somebody may call a thing by the id of another: the id wins.
    return (
        sa.select(table)
        .where(
            table.c.organization_id == organization_id,
            sa.or_(table.c.id == id_or_name, table.c.name == id_or_name),
        )
        .order_by(sa.case((table.c.id == id_or_name, 0), else_=1))
    )
