"""Signing in, asking who is signed in, signing out."""

import time
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from triptych.api.callers import LOOPBACK_NAMES, Desk, desk_of
from triptych.api.dependencies import Access, anyone, database_of, signed_in
from triptych.api.people_routes import user_views
from triptych.core.errors import InvalidInput, NotSignedIn
from triptych.people import repository
from triptych.people.events import record
from triptych.people.schemas import SessionView, SignIn
from triptych.people.service import subject_of
from triptych.people.sessions import begin_session, cookie_name, end_session, use_link

router = APIRouter(tags=["session"])

NOT_PRIVATE = (
    "This connection is not encrypted, so the session can be read on the way. "
    "Serve over https: `triptych serve --tls-cert … --tls-key …`, or a proxy that ends TLS."
)


@router.post("/session", status_code=201, summary="Sign in with a password, or with a one-time link")
async def sign_in(
    request: Request, response: Response, access: Annotated[Access, anyone()], body: SignIn
) -> SessionView:
    desk = desk_of(request)
    if body.link is not None and body.email is None and body.password is None:
        link = body.link.rpartition("#")[2]
        row, secret, ends_at = await run_in_threadpool(_begin, desk, None, link)
    elif body.email is not None and body.password is not None and body.link is None:
        user_id = await _check_password(desk, request, body.email, body.password)
        row, secret, ends_at = await run_in_threadpool(_begin, desk, user_id, None)
    else:
        raise InvalidInput(
            "Signing in takes an e-mail and a password, or a link.",
            code="bad_sign_in",
            hint="Send {email, password} or {link}.",
        )
    _set_cookie(request, response, secret, ends_at)
    return await run_in_threadpool(_view, request, row.organization_id, row.id, ends_at)


@router.get("/session", summary="Who is signed in")
def show_session(request: Request, access: Annotated[Access, signed_in()]) -> SessionView:
    return _view(request, access.organization_id, access.user_id, access.caller.session_ends_at)


@router.delete("/session", status_code=204, summary="Sign out")
def sign_out(request: Request, access: Annotated[Access, signed_in()]) -> Response:
    if access.caller.session is not None:
        with database_of(request).write() as connection:
            end_session(connection, access.caller.session)
            record(connection, access.subject, "signed_out", "user", access.user_id)
    response = Response(status_code=204)
    secure = request.url.scheme == "https"
    response.delete_cookie(
        cookie_name(request.url.scheme), path="/", secure=secure, httponly=True, samesite="lax"
    )
    return response


async def _check_password(desk: Desk, request: Request, email: str, password: str) -> str:
    """The id of the user whose password it is. NotSignedIn `bad_credentials`, the same for every reason."""
    account = email.strip().casefold()
    place = request.client.host if request.client else ""
    desk.throttle.check(account, place)

    def find() -> sa.Row[Any] | None:
        with desk.installation.database.read() as connection:
            return repository.user_by_email(connection, account)

    row = await run_in_threadpool(find)
    usable = row is not None and row.deactivated_at is None
    stored = row.password_hash if row is not None and usable else None
    if not await desk.passwords.matches_aside(stored, password) or row is None:
        desk.throttle.failed(account, place)
        raise NotSignedIn(
            "The e-mail or the password is wrong.",
            code="bad_credentials",
            hint="Try again, or ask an administrator for a sign-in link.",
        )
    desk.throttle.succeeded(account, place)
    return str(row.id)


def _begin(desk: Desk, user_id: str | None, link: str | None) -> tuple[sa.Row[Any], str, float]:
    with desk.installation.database.write() as connection:
        if link is not None:
            user_id = use_link(connection, link)
        assert user_id is not None
        row = repository.any_user(connection, user_id)
        secret, ends_at = begin_session(connection, user_id, desk.installation.settings.session_days)
        means = "link" if link is not None else "password"
        record(connection, subject_of(connection, row), "signed_in", "user", user_id, means=means)
    return row, secret, ends_at


def _set_cookie(request: Request, response: Response, secret: str, ends_at: float) -> None:
    scheme = request.url.scheme
    response.set_cookie(
        cookie_name(scheme),
        secret,
        max_age=max(1, round(ends_at - time.time())),
        path="/",
        secure=scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _view(request: Request, organization_id: str, user_id: str, ends_at: float | None) -> SessionView:
    with database_of(request).read() as connection:
        row = repository.any_user(connection, user_id)
        return SessionView(
            user=user_views(connection, [row])[0],
            organization=repository.organization(connection, organization_id).name,
            expires_at=ends_at,
            warnings=[NOT_PRIVATE] if ends_at is not None and _is_exposed(request) else [],
        )


def _is_exposed(request: Request) -> bool:
    return request.url.scheme != "https" and (request.url.hostname or "") not in LOOPBACK_NAMES
