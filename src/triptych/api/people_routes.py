"""Users, teams, tokens and registered folders over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from triptych.api.callers import desk_of
from triptych.api.dependencies import Access, database_of, installation_of, needs, signed_in
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import Action, Role, allowed_by_role
from triptych.core.errors import NotAllowed
from triptych.people import api_tokens, repository, roots, service, teams
from triptych.people.passwords import check_password_rules
from triptych.people.schemas import (
    AddedToken,
    AddedUser,
    Membership,
    MemberView,
    NewRoot,
    NewTeam,
    NewToken,
    NewUser,
    PasswordChange,
    RootView,
    SignInLink,
    TeamOfUser,
    TeamView,
    TokenView,
    UserChange,
    UserView,
)
from triptych.people.sessions import SIGN_IN_PATH

router = APIRouter(tags=["people"])

SignedIn = Annotated[Access, signed_in()]
Administers = Annotated[Access, needs(Action.MANAGE_PEOPLE)]
OnUser = Annotated[Access, needs(Action.MANAGE_PEOPLE, on="user")]
SelfOrAdministrator = Annotated[Access, needs(Action.EDIT, on="user")]
OnTeam = Annotated[Access, needs(Action.EDIT, on="team")]
OnToken = Annotated[Access, needs(Action.EDIT, on="token")]


# --- users ------------------------------------------------------------------------------------------------


@router.get("/users", summary="People of the organization, by e-mail")
def list_users(request: Request, access: SignedIn, limit: Limit = 50, after: Cursor = None) -> Page[UserView]:
    position = decode_cursor(after, str)
    with database_of(request).read() as connection:
        rows = repository.list_users(connection, access.organization_id, _only(position), limit + 1)
        views = user_views(connection, rows[:limit])
    return Page(items=views, next=_next(rows, limit, "email"))


@router.post("/users", status_code=201, summary="Add a person")
async def add_user(request: Request, access: Administers, body: NewUser) -> AddedUser:
    hashed = await _hashed(request, body.password) if body.password is not None else None

    def write() -> AddedUser:
        with database_of(request).write() as connection:
            row, link = service.add_user(
                connection,
                access.subject,
                email=body.email,
                name=body.name,
                role=body.role,
                password_hash=hashed,
            )
            view = user_views(connection, [row])[0]
        return AddedUser(**view.model_dump(), sign_in_link=SIGN_IN_PATH + link if link else None)

    return await run_in_threadpool(write)


@router.get("/users/{user}", summary="One person")
def show_user(request: Request, access: Annotated[Access, needs(Action.SEE, on="user")]) -> UserView:
    with database_of(request).read() as connection:
        return user_views(connection, [access.row])[0]


@router.patch("/users/{user}", summary="Change a person's name, role, or whether they may sign in")
def change_user(request: Request, access: OnUser, body: UserChange) -> UserView:
    with database_of(request).write() as connection:
        row = service.change_user(
            connection,
            access.subject,
            access.row.id,
            name=body.name,
            role=body.role,
            active=body.active,
        )
        return user_views(connection, [row])[0]


@router.delete("/users/{user}", status_code=204, summary="Deactivate a person; what they did stays")
def deactivate_user(request: Request, access: OnUser) -> Response:
    with database_of(request).write() as connection:
        service.change_user(connection, access.subject, access.row.id, active=False)
    return Response(status_code=204)


@router.put("/users/{user}/password", status_code=204, summary="Set a password; other sessions end")
async def set_password(request: Request, access: SelfOrAdministrator, body: PasswordChange) -> Response:
    desk = desk_of(request)
    own = access.row.id == access.user_id
    if own and access.row.password_hash is not None and not access.caller.is_local:
        place = request.client.host if request.client else ""
        desk.throttle.check(access.row.email, place)
        if not await desk.passwords.matches_aside(access.row.password_hash, body.current or ""):
            desk.throttle.failed(access.row.email, place)
            raise NotAllowed(
                "The current password is not this one.",
                code="wrong_password",
                hint="Give the current password, or ask an administrator for a sign-in link.",
            )
    hashed = await _hashed(request, body.password)

    def write() -> None:
        with database_of(request).write() as connection:
            service.set_password(
                connection, access.subject, access.row.id, hashed, keep_session=access.caller.session
            )

    await run_in_threadpool(write)
    return Response(status_code=204)


@router.post("/users/{user}/sign-in-link", status_code=201, summary="A one-time sign-in link for a person")
def invite_user(request: Request, access: OnUser) -> SignInLink:
    with database_of(request).write() as connection:
        return SignInLink(
            sign_in_link=SIGN_IN_PATH + service.invite(connection, access.subject, access.row.id)
        )


# --- teams ------------------------------------------------------------------------------------------------


@router.get("/teams", summary="Teams of the organization, by name")
def list_teams(request: Request, access: SignedIn, limit: Limit = 50, after: Cursor = None) -> Page[TeamView]:
    position = decode_cursor(after, str)
    with database_of(request).read() as connection:
        rows = repository.list_teams(connection, access.organization_id, _only(position), limit + 1)
        views = _team_views(connection, rows[:limit])
    return Page(items=views, next=_next(rows, limit, "name"))


@router.post("/teams", status_code=201, summary="Add a team")
def add_team(
    request: Request, access: Annotated[Access, needs(Action.MANAGE_TEAMS)], body: NewTeam
) -> TeamView:
    with database_of(request).write() as connection:
        return _team_views(connection, [teams.add_team(connection, access.subject, body.name)])[0]


@router.get("/teams/{team}", summary="One team and its members")
def show_team(request: Request, access: Annotated[Access, needs(Action.SEE, on="team")]) -> TeamView:
    with database_of(request).read() as connection:
        return _team_views(connection, [access.row])[0]


@router.patch("/teams/{team}", summary="Rename a team")
def rename_team(request: Request, access: OnTeam, body: NewTeam) -> TeamView:
    with database_of(request).write() as connection:
        row = teams.rename_team(connection, access.subject, access.row.id, body.name)
        return _team_views(connection, [row])[0]


@router.delete("/teams/{team}", status_code=204, summary="Dissolve a team")
def remove_team(
    request: Request, access: Annotated[Access, needs(Action.MANAGE_TEAMS, on="team")]
) -> Response:
    with database_of(request).write() as connection:
        teams.remove_team(connection, access.subject, access.row.id)
    return Response(status_code=204)


@router.put("/teams/{team}/members/{user}", summary="Make a person a member or a manager of a team")
def put_member(request: Request, access: OnTeam, user: str, body: Membership) -> TeamView:
    with database_of(request).write() as connection:
        teams.put_member(connection, access.subject, access.row.id, user, manages=body.manages)
        return _team_views(connection, [access.row])[0]


@router.delete("/teams/{team}/members/{user}", status_code=204, summary="Take a person out of a team")
def remove_member(request: Request, access: OnTeam, user: str) -> Response:
    with database_of(request).write() as connection:
        teams.remove_member(connection, access.subject, access.row.id, user)
    return Response(status_code=204)


# --- tokens -----------------------------------------------------------------------------------------------


@router.get("/tokens", summary="Your own API tokens, oldest first")
def list_tokens(
    request: Request, access: SignedIn, limit: Limit = 50, after: Cursor = None
) -> Page[TokenView]:
    position = decode_cursor(after, str)
    with database_of(request).read() as connection:
        rows = repository.list_tokens(connection, access.user_id, _only(position), limit + 1)
    return Page(items=[_token_view(request, row) for row in rows[:limit]], next=_next(rows, limit, "id"))


@router.post("/tokens", status_code=201, summary="Make an API token; it is shown this once")
def add_token(request: Request, access: SignedIn, body: NewToken) -> AddedToken:
    with database_of(request).write() as connection:
        row, token = api_tokens.add_token(connection, access.subject, body.name, days=body.days)
    return AddedToken(**_token_view(request, row).model_dump(), token=token)


@router.delete("/tokens/{token}", status_code=204, summary="Revoke an API token, by its id")
def revoke_token(request: Request, access: OnToken) -> Response:
    with database_of(request).write() as connection:
        api_tokens.revoke_token(connection, access.subject, access.row.id)
    return Response(status_code=204)


# --- registered folders -----------------------------------------------------------------------------------


@router.get("/roots", summary="Folders of the server that datasets may come from, by name")
def list_roots(
    request: Request,
    access: Annotated[Access, needs(Action.UPLOAD)],
    limit: Limit = 50,
    after: Cursor = None,
) -> Page[RootView]:
    position = decode_cursor(after, str)
    with database_of(request).read() as connection:
        rows = repository.list_roots(connection, access.organization_id, _only(position), limit + 1)
    full = allowed_by_role(access.subject.role, Action.MANAGE_ROOTS)
    return Page(items=[_root_view(row, full=full) for row in rows[:limit]], next=_next(rows, limit, "name"))


@router.post("/roots", status_code=201, summary="Register a folder of the server")
def add_root(
    request: Request, access: Annotated[Access, needs(Action.MANAGE_ROOTS)], body: NewRoot
) -> RootView:
    home = installation_of(request).settings.home
    with database_of(request).write() as connection:
        row = roots.add_root(connection, access.subject, body.name, body.path, home=home)
    return _root_view(row, full=True)


@router.delete("/roots/{root}", status_code=204, summary="Forget a registered folder; its files stay")
def remove_root(
    request: Request, access: Annotated[Access, needs(Action.MANAGE_ROOTS, on="root")]
) -> Response:
    with database_of(request).write() as connection:
        roots.remove_root(connection, access.subject, access.row.id)
    return Response(status_code=204)


# --- views ------------------------------------------------------------------------------------------------


def user_views(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[UserView]:
    """Users with their teams, two statements for all."""
    by_user = repository.memberships(connection, [row.id for row in rows])
    return [
        UserView(
            id=row.id,
            email=row.email,
            name=row.name,
            role=Role(row.role),
            teams=[
                TeamOfUser(id=team.team_id, name=team.name, manages=bool(team.manages))
                for team in by_user[row.id]
            ],
            active=row.deactivated_at is None,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _team_views(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[TeamView]:
    by_team = repository.members(connection, [row.id for row in rows])
    return [
        TeamView(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            members=[
                MemberView(id=one.user_id, name=one.name, email=one.email, manages=bool(one.manages))
                for one in by_team[row.id]
            ],
        )
        for row in rows
    ]


def _token_view(request: Request, row: sa.Row[Any]) -> TokenView:
    used = desk_of(request).token_use.last(row.id)
    return TokenView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=used if used is not None else row.last_used_at,
    )


def _root_view(row: sa.Row[Any], *, full: bool) -> RootView:
    return RootView(id=row.id, name=row.name, path=row.path if full else None, created_at=row.created_at)


async def _hashed(request: Request, password: str) -> str:
    check_password_rules(password)
    return await desk_of(request).passwords.hash_aside(password)


def _only(position: tuple[str | int | float, ...] | None) -> str | None:
    return None if position is None else str(position[0])


def _next(rows: Sequence[sa.Row[Any]], limit: int, column: str) -> str | None:
    return encode_cursor((getattr(rows[limit - 1], column),)) if len(rows) > limit else None
