"""Users of an organization: the first of them, adding, changing, and the subject that each of them is.

Functions take the connection of a transaction that the caller holds, so that a change and its event are one.
Whether the subject may do it is asked at the edge, before they are called.
"""

from __future__ import annotations

import logging
import time
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from triptych.core.access import Role, Subject
from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.core.ids import new_id
from triptych.db.tables import organizations, sessions, sign_in_links, team_members, users
from triptych.people import repository
from triptych.people.events import record
from triptych.people.passwords import Passwords
from triptych.people.sessions import end_sessions_of, new_link

if TYPE_CHECKING:
    from triptych.db.session import Database
    from triptych.settings import Settings

_log = logging.getLogger(__name__)

HOME_ORGANIZATION = "home"
FIRST_EMAIL = "admin@localhost"
LONGEST_NAME = 200
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The home's first administrator. `sign_in_link` is the secret of a one-time link, None when the
    administrator has a password or has signed in before."""

    administrator: Subject
    sign_in_link: str | None


def ensure_first_start(
    database: Database, settings: Settings, passwords: Passwords | None = None
) -> FirstStart:
    """The organization and its first administrator, made where they do not exist yet.

    As long as the first administrator has never signed in, `admin_email` and `admin_password` of the settings
    are taken over, and without a password each call gives out another one-time link.
    """
    with database.read() as connection:
        row = _first_administrator(connection)
        if row is not None and _has_signed_in(connection, row):
            return FirstStart(subject_of(connection, row), None)
    hashed = (passwords or Passwords()).hash(settings.admin_password) if settings.admin_password else None
    try:
        return _first_start(database, settings, hashed)
    except IntegrityError:  # another process made them between our look and our insert (PostgreSQL)
        return _first_start(database, settings, hashed)


def _first_start(database: Database, settings: Settings, password_hash: str | None) -> FirstStart:
    with database.write() as connection:
        row = _first_administrator(connection)
        if row is None:
            row = _make_first(connection, settings.admin_email or FIRST_EMAIL)
        subject = subject_of(connection, row)
        if _has_signed_in(connection, row):
            return FirstStart(subject, None)
        changes: dict[str, Any] = {}
        if settings.admin_email:
            changes["email"] = check_email(settings.admin_email)
        if password_hash is not None:
            changes["password_hash"] = password_hash
        if changes:
            connection.execute(sa.update(users).where(users.c.id == row.id).values(**changes))
        return FirstStart(subject, None if password_hash is not None else new_link(connection, row.id))


def _make_first(connection: sa.Connection, email: str) -> sa.Row[Any]:
    organization_id = connection.scalar(
        sa.select(organizations.c.id).where(organizations.c.name == HOME_ORGANIZATION)
    )
    if organization_id is None:
        organization_id = add_organization(connection, HOME_ORGANIZATION, "Home")
    user_id = new_id()
    connection.execute(
        sa.insert(users).values(
            id=user_id,
            organization_id=organization_id,
            email=check_email(email),
            name="Administrator",
            role=Role.ADMINISTRATOR.value,
            created_at=time.time(),
        )
    )
    row = repository.user(connection, organization_id, user_id)
    assert row is not None
    record(connection, subject_of(connection, row), "created", "user", user_id, role=row.role, first=True)
    return row


def add_organization(connection: sa.Connection, name: str, display_name: str) -> str:
    """A new organization's id. Its `name` is unique in the installation."""
    organization_id = new_id()
    connection.execute(
        sa.insert(organizations).values(
            id=organization_id, name=name, display_name=display_name, created_at=time.time()
        )
    )
    return organization_id


def _first_administrator(connection: sa.Connection) -> sa.Row[Any] | None:
    home = connection.scalar(sa.select(organizations.c.id).where(organizations.c.name == HOME_ORGANIZATION))
    administrators = repository.active_administrators(connection, home) if home else ()
    return administrators[0] if administrators else None


def _has_signed_in(connection: sa.Connection, row: sa.Row[Any]) -> bool:
    used = sa.exists().where(sign_in_links.c.user_id == row.id, sign_in_links.c.used_at.is_not(None))
    open_session = sa.exists().where(sessions.c.user_id == row.id)
    return row.password_hash is not None or bool(connection.scalar(sa.select(sa.or_(used, open_session))))


def first_administrator(connection: sa.Connection) -> Subject:
    """Who acts when nobody signs in: on the command line, on a home. NotFound before the first start."""
    row = _first_administrator(connection)
    if row is None:
        raise NotFound(
            "This home has no administrator yet.",
            code="no_administrator",
            hint="Run `triptych serve` once, or any command that adds something.",
        )
    return subject_of(connection, row)


def subject_of(connection: sa.Connection, row: sa.Row[Any]) -> Subject:
    """The subject that a user (a row of `users`) is, with the teams of this moment."""
    teams = connection.execute(
        sa.select(team_members.c.team_id, team_members.c.manages).where(team_members.c.user_id == row.id)
    ).all()
    return Subject(
        user_id=row.id,
        organization_id=row.organization_id,
        role=Role(row.role),
        team_ids=frozenset(team.team_id for team in teams),
        managed_team_ids=frozenset(team.team_id for team in teams if team.manages),
    )


def add_user(
    connection: sa.Connection,
    subject: Subject,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str | None = None,
) -> tuple[sa.Row[Any], str | None]:
    """A new user of the subject's organization, and the secret of a sign-in link when there is no password.

    Conflict `email_taken`; InvalidInput `bad_email`, `bad_name`.
    """
    email = check_email(email)
    if repository.user_by_email(connection, email) is not None:
        raise _email_taken()
    user_id = new_id()
    try:
        connection.execute(
            sa.insert(users).values(
                id=user_id,
                organization_id=subject.organization_id,
                email=email,
                name=check_name(name),
                role=role.value,
                password_hash=password_hash,
                created_at=time.time(),
            )
        )
    except IntegrityError:
        raise _email_taken() from None
    record(connection, subject, "created", "user", user_id, role=role.value)
    link = new_link(connection, user_id) if password_hash is None else None
    return _user(connection, subject, user_id), link


def change_user(
    connection: sa.Connection,
    subject: Subject,
    user_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
) -> sa.Row[Any]:
    """Change what is given. Who is deactivated is signed out everywhere, and their tokens stop working.

    Conflict `last_administrator` when nobody would be left who can administer.
    """
    row = _user(connection, subject, user_id)
    stays = (role or Role(row.role)) is Role.ADMINISTRATOR and active is not False
    if row.role == Role.ADMINISTRATOR.value and row.deactivated_at is None and not stays:
        _keep_an_administrator(connection, row)
    changes: dict[str, Any] = {}
    if name is not None and check_name(name) != row.name:
        changes["name"] = check_name(name)
        record(connection, subject, "renamed", "user", user_id)
    if role is not None and role.value != row.role:
        changes["role"] = role.value
        record(connection, subject, "role_changed", "user", user_id, before=row.role, after=role.value)
    if active is False and row.deactivated_at is None:
        changes["deactivated_at"] = time.time()
        end_sessions_of(connection, user_id)
        record(connection, subject, "deactivated", "user", user_id)
    if active is True and row.deactivated_at is not None:
        changes["deactivated_at"] = None
        record(connection, subject, "reactivated", "user", user_id)
    if changes:
        connection.execute(sa.update(users).where(users.c.id == user_id).values(**changes))
    return _user(connection, subject, user_id)


def set_password(
    connection: sa.Connection,
    subject: Subject,
    user_id: str,
    password_hash: str,
    *,
    keep_session: str | None = None,
) -> None:
    """Set a user's password; all sessions end, the one with the secret `keep_session` aside."""
    row = _user(connection, subject, user_id)
    connection.execute(sa.update(users).where(users.c.id == row.id).values(password_hash=password_hash))
    end_sessions_of(connection, row.id, but=keep_session)
    record(connection, subject, "password_changed", "user", row.id)


def invite(connection: sa.Connection, subject: Subject, user_id: str) -> str:
    """The secret of a new one-time sign-in link for a user. Conflict `user_deactivated`."""
    row = _user(connection, subject, user_id)
    if row.deactivated_at is not None:
        raise Conflict(
            "The user is deactivated and cannot sign in.",
            code="user_deactivated",
            hint="Activate the user first.",
        )
    record(connection, subject, "invited", "user", row.id)
    return new_link(connection, row.id)


def check_email(email: str) -> str:
    """The e-mail folded to lower case. InvalidInput `bad_email` for what cannot be one."""
    folded = unicodedata.normalize("NFC", email.strip()).casefold()
    place, at, host = folded.rpartition("@")
    if not (place and at and host) or len(folded) > LONGEST_EMAIL or not _is_one_word(folded):
        raise InvalidInput(
            "This is not an e-mail address.",
            code="bad_email",
            hint=f"Give one like name@example.org, at most {LONGEST_EMAIL} characters.",
        )
    return folded


def check_name(name: str) -> str:
    """The name of a person, team, token or folder, trimmed. InvalidInput `bad_name`."""
    trimmed = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(trimmed) <= LONGEST_NAME or any(unicodedata.category(c) in ("Cc", "Cs") for c in trimmed):
        raise InvalidInput(
            f"A name has 1 to {LONGEST_NAME} characters and no control characters.",
            code="bad_name",
            hint="Choose another name.",
        )
    return trimmed


def _is_one_word(text: str) -> bool:
    return not any(c.isspace() or unicodedata.category(c) in ("Cc", "Cs") for c in text)


def _user(connection: sa.Connection, subject: Subject, user_id: str) -> sa.Row[Any]:
    row = repository.user(connection, subject.organization_id, user_id)
    if row is None:
        raise NotFound("There is no such user.", code="user_not_found")
    return row


def _keep_an_administrator(connection: sa.Connection, row: sa.Row[Any]) -> None:
    if connection.dialect.name == "postgresql":
        # Two administrators who remove each other at once would otherwise both see the other one stay.
        locked = sa.select(organizations.c.id).where(organizations.c.id == row.organization_id)
        connection.execute(locked.with_for_update())
    left = repository.active_administrators(connection, row.organization_id)
    if all(administrator.id == row.id for administrator in left):
        raise Conflict(
            "This is the last administrator of the organization.",
            code="last_administrator",
            hint="Make another user an administrator first.",
        )


def _email_taken() -> Conflict:
    return Conflict(
        "Another user has this e-mail address.",
        code="email_taken",
        hint="Choose another, or activate the user who has it.",
    )
