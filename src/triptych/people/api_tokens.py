"""API tokens: made, looked up, revoked; when each was last used is noted without slowing requests down."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.core.ids import new_id
from triptych.db.tables import tokens, users
from triptych.people.events import record
from triptych.people.service import check_name
from triptych.people.tokens import digest, is_token, new_token, shown_prefix

if TYPE_CHECKING:
    from triptych.core.access import Subject
    from triptych.db.session import Database


def add_token(
    connection: sa.Connection, subject: Subject, name: str, *, days: float | None = None
) -> tuple[sa.Row[Any], str]:
    """A new token of the subject's: its row, and the token itself, which is never shown again.

    It may do what its user may do. `days` is how long it works; None: until it is revoked.
    """
    token = new_token()
    token_id = new_id()
    now = time.time()
    connection.execute(
        sa.insert(tokens).values(
            id=token_id,
            user_id=subject.user_id,
            name=check_name(name),
            prefix=shown_prefix(token),
            token_hash=digest(token),
            created_at=now,
            expires_at=None if days is None else now + days * 86_400,
        )
    )
    record(connection, subject, "created", "token", token_id)
    return connection.execute(sa.select(tokens).where(tokens.c.id == token_id)).one(), token


def find_token(connection: sa.Connection, organization_id: str | None, token_id: str) -> sa.Row[Any] | None:
    """A token of a user of the organization, with `organization_id`."""
    return connection.execute(
        sa.select(tokens, users.c.organization_id)
        .join(users, users.c.id == tokens.c.user_id)
        .where(tokens.c.id == token_id, users.c.organization_id == organization_id)
    ).one_or_none()


def revoke_token(connection: sa.Connection, subject: Subject, token_id: str) -> None:
    """A token stops working; to revoke it again changes nothing. NotFound `token_not_found`."""
    row = find_token(connection, subject.organization_id, token_id)
    if row is None:
        raise NotFound("There is no such token.", code="token_not_found")
    if row.revoked_at is None:
        connection.execute(sa.update(tokens).where(tokens.c.id == token_id).values(revoked_at=time.time()))
        record(connection, subject, "revoked", "token", token_id)


def user_of_token(connection: sa.Connection, token: str) -> sa.Row[Any] | None:
    """The active user whose working token this is, with `token_id`; None when there is none."""
    if not is_token(token):
        return None
    return connection.execute(_USER_OF_TOKEN, {"hash": digest(token), "now": time.time()}).one_or_none()


class TokenUse:
    """Collects when tokens were used, and writes it down now and then: a reading request never writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}

    def note(self, token_id: str) -> None:
        """A token was used just now."""
        with self._lock:
            self._used[token_id] = time.time()

    def last(self, token_id: str) -> float | None:
        """When a token was used since the last `write`; None when it was not."""
        return self._used.get(token_id)

    def write(self, database: Database) -> None:
        """Write down what was collected."""
        with self._lock:
            used, self._used = self._used, {}
        if not used:
            return
        with database.write() as connection:
            for token_id, at in used.items():
                connection.execute(sa.update(tokens).where(tokens.c.id == token_id).values(last_used_at=at))


_USER_OF_TOKEN = (
    sa.select(users, tokens.c.id.label("token_id"))
    .join(tokens, tokens.c.user_id == users.c.id)
    .where(
        tokens.c.token_hash == sa.bindparam("hash", type_=sa.LargeBinary),
        tokens.c.revoked_at.is_(None),
        sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > sa.bindparam("now", type_=sa.Double)),
        users.c.deactivated_at.is_(None),
    )
)
