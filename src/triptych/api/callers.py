"""Who calls: a session's cookie, a bearer token, or the secret that only this machine knows."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from triptych.core.errors import NotSignedIn
from triptych.people.api_tokens import TokenUse, user_of_token
from triptych.people.passwords import Passwords
from triptych.people.service import first_administrator, subject_of
from triptych.people.sessions import cookie_name, user_of_session
from triptych.people.throttle import Throttle

if TYPE_CHECKING:
    import sqlalchemy as sa
    from starlette.requests import Request

    from triptych.core.access import Subject
    from triptych.installation import Installation

LOCAL_HEADER = "X-Triptych-Local"
TOKEN_PARAMETER = "token"
READING = frozenset(("GET", "HEAD"))
LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "::1", "[::1]"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `subject` is None for nobody; `is_local` says that the caller may read this home's files, and
    so may name paths of this machine as sources; `session` is the secret of the session, where it is one."""

    subject: Subject | None
    is_local: bool = False
    session: str | None = None
    session_ends_at: float | None = None


NOBODY = Caller(None)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an application needs to know its callers; one for each application, at `app.state.desk`."""

    installation: Installation
    passwords: Passwords = field(default_factory=Passwords)
    throttle: Throttle = field(default_factory=Throttle)
    token_use: TokenUse = field(default_factory=TokenUse)

    def caller(self, connection: sa.Connection, request: Request, *, url_token: bool = False) -> Caller:
        """Who calls. NotSignedIn for a secret or token that does not work; a dead session is nobody.

        `url_token`: a token in the address counts where no header has one, for requests that read.
        """
        local = request.headers.get(LOCAL_HEADER)
        if local is not None:
            if not secrets.compare_digest(local.encode("latin-1"), self.installation.local_secret.encode()):
                raise NotSignedIn(
                    "The local secret is not the one of this home.",
                    code="bad_local_secret",
                    hint="Run the command as the user who runs the server, on the same home.",
                )
            return Caller(first_administrator(connection), is_local=True)
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return self._bearer(connection, authorization)
        token = request.query_params.get(TOKEN_PARAMETER) if url_token else None
        if token is not None and request.method in READING:
            return self._bearer(connection, f"Bearer {token}")
        secret = request.cookies.get(cookie_name(request.url.scheme))
        if secret is None:
            return NOBODY
        row = user_of_session(connection, secret)
        if row is None:
            return NOBODY
        return Caller(subject_of(connection, row), session=secret, session_ends_at=row.expires_at)

    def _bearer(self, connection: sa.Connection, authorization: str) -> Caller:
        scheme, _, token = authorization.partition(" ")
        row = user_of_token(connection, token.strip()) if scheme.lower() == "bearer" else None
        if row is None:
            raise NotSignedIn(
                "The API token is unknown, revoked or over.",
                code="bad_token",
                hint="Make a new one with `triptych token new`, and send it as `Authorization: Bearer …`.",
            )
        self.token_use.note(row.token_id)
        return Caller(subject_of(connection, row))


def desk_of(request: Request) -> Desk:
    """The desk of the application that the request is for."""
    desk: Any = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def is_near(request: Request) -> bool:
    """Whether the request was made on this machine, and not passed on by a proxy on it."""
    forwarded = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
    if request.client is None or any(name in request.headers for name in forwarded):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
