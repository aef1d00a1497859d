"""Sessions of browsers and one-time sign-in links: opaque secrets, stored as SHA-256, ended on the server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.errors import NotSignedIn
from triptych.db import tables
from triptych.people.tokens import digest, new_secret

if TYPE_CHECKING:
    from typing import Any

LINK_HOURS = 72.0

SIGN_IN_PATH = "/sign-in#"
"""Before a link's secret, behind the server's address: what follows `#` never reaches a server's log."""


def cookie_name(scheme: str) -> str:
    """The session cookie's name: with `__Host-` over https, which a sister site cannot set; bare over http,
    where browsers refuse the prefix."""
    return "__Host-triptych" if scheme == "https" else "triptych"


def begin_session(connection: sa.Connection, user_id: str, days: float) -> tuple[str, float]:
    """A new session: its secret, which is stored nowhere, and when it ends. Ended ones are cleared away."""
    now = time.time()
    table = tables.sessions
    connection.execute(sa.delete(table).where(table.c.user_id == user_id, table.c.expires_at <= now))
    secret = new_secret()
    expires_at = now + days * 86_400
    connection.execute(
        sa.insert(table).values(
            token_hash=digest(secret), user_id=user_id, created_at=now, expires_at=expires_at
        )
    )
    return secret, expires_at


def user_of_session(connection: sa.Connection, secret: str) -> sa.Row[Any] | None:
    """The active user whose session this is, with `expires_at`; None when it is unknown or over."""
    return connection.execute(_USER_OF_SESSION, {"hash": digest(secret), "now": time.time()}).one_or_none()


def end_session(connection: sa.Connection, secret: str) -> None:
    """End a session; nothing happens when it is over."""
    connection.execute(sa.delete(tables.sessions).where(tables.sessions.c.token_hash == digest(secret)))


def end_sessions_of(connection: sa.Connection, user_id: str, *, but: str | None = None) -> None:
    """End all sessions of a user, the one with the secret `but` aside."""
    statement = sa.delete(tables.sessions).where(tables.sessions.c.user_id == user_id)
    if but is not None:
        statement = statement.where(tables.sessions.c.token_hash != digest(but))
    connection.execute(statement)


def new_link(connection: sa.Connection, user_id: str) -> str:
    """The secret of a new one-time sign-in link. The user's links before it work until one of them is used."""
    table = tables.sign_in_links
    over = sa.and_(table.c.used_at.is_(None), table.c.expires_at <= time.time())
    connection.execute(sa.delete(table).where(table.c.user_id == user_id, over))
    secret = new_secret()
    connection.execute(
        sa.insert(table).values(
            token_hash=digest(secret), user_id=user_id, expires_at=time.time() + LINK_HOURS * 3600
        )
    )
    return secret


def use_link(connection: sa.Connection, secret: str) -> str:
    """The id of the active user whom the link signs in; it works once, and ends the user's other links.
    NotSignedIn `bad_link`."""
    now = time.time()
    table = tables.sign_in_links
    active = sa.select(tables.users.c.id).where(tables.users.c.deactivated_at.is_(None))
    used = connection.execute(
        sa.update(table)
        .where(
            table.c.token_hash == digest(secret),
            table.c.used_at.is_(None),
            table.c.expires_at > now,
            table.c.user_id.in_(active),
        )
        .values(used_at=now)
        .returning(table.c.user_id)
    ).scalar_one_or_none()
    if used is None:
        raise NotSignedIn(
            "The sign-in link was used before, is over, or was never given out.",
            code="bad_link",
            hint="Ask an administrator for a new one; the first administrator's is printed at each start.",
        )
    connection.execute(sa.delete(table).where(table.c.user_id == used, table.c.used_at.is_(None)))
    return str(used)


_USER_OF_SESSION = (
    sa.select(tables.users, tables.sessions.c.expires_at)
    .join(tables.sessions, tables.sessions.c.user_id == tables.users.c.id)
    .where(
        tables.sessions.c.token_hash == sa.bindparam("hash", type_=sa.LargeBinary),
        tables.sessions.c.expires_at > sa.bindparam("now", type_=sa.Double),
        tables.users.c.deactivated_at.is_(None),
    )
)
